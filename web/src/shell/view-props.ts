// What every view is told.

export interface ViewProps {
  /** The part of the address that the view is about, such as the id of a video; '' where there is none. */
  readonly subject: string;
}
