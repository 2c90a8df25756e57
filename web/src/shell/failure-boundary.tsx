// Shows what went wrong in a view instead of the view.
import { Component, type ReactNode } from 'react';
import { ProblemNotice } from './problem-notice';

interface FailureBoundaryProps {
  readonly children: ReactNode;
  readonly onReset: () => void;
}

export class FailureBoundary extends Component<FailureBoundaryProps, { error: unknown }> {
  override state = { error: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    const again = (): void => {
      this.props.onReset();
      this.setState({ error: undefined });
    };
    return <ProblemNotice error={error} onAgain={again} />;
  }
}
