// Whether the page is as narrow as a phone.
import { useMediaQuery } from '@mantine/hooks';

export const useNarrow = (): boolean => useMediaQuery('(max-width: 700px)', undefined, { getInitialValueInEffect: false }) ?? false;
