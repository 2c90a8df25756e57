// Entry of the page.
import '@mantine/core/styles.layer.css';
import './style/tokens.css';
import './style/base.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/query-client';
import { watchForSignIn } from './session/sign-in-address';
import { Frame } from './shell/frame';
import { theme } from './style/theme';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no root element.');
watchForSignIn();
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="dark">
      <QueryClientProvider client={queryClient}>
        <Frame />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
