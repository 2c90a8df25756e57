// Front door of the page.
export { pageErrors } from './page-files.js';
export { PageModule } from './page.module.js';
