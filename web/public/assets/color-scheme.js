// Sets the colours before anything is drawn, so that the page does not flash.
document.documentElement.setAttribute('data-mantine-color-scheme', localStorage.getItem('mantine-color-scheme-value') === 'light' ? 'light' : 'dark');
