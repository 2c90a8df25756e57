// The components' theme, made of the page's own colours.
import { createTheme, defaultVariantColorsResolver, type MantineColorsTuple, type VariantColorsResolver } from '@mantine/core';

const amber: MantineColorsTuple = ['#fff6e5', '#ffeccb', '#fdd89a', '#fbc264', '#f9b03a', '#f5a524', '#f5a524', '#b45309', '#92430a', '#78370c'];
const dark: MantineColorsTuple = ['#e7eaf0', '#c3cad5', '#9aa3b2', '#8b93a3', '#4b5563', '#2a303b', '#1d222b', '#161a21', '#0f1115', '#0a0c0f'];

/** What is filled with the accent has the text that goes with it, in either scheme. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input);
  const isAccent = input.variant === 'filled' && (input.color === undefined || input.color === 'amber');
  return isAccent ? { ...colors, background: 'var(--accent)', hover: 'var(--accent)', color: 'var(--on-accent)' } : colors;
};

export const theme = createTheme({
  variantColorResolver,
  primaryColor: 'amber',
  primaryShade: { dark: 5, light: 7 },
  colors: { amber, dark },
  fontFamily: "Inter, system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '15px', xl: '17px' },
  defaultRadius: 8,
  cursorType: 'pointer',
  respectReducedMotion: true,
});
