// Front door of the page.
export { answersPerson } from './lost-person.js';
export { pageErrors } from './page-files.js';
export { PageModule } from './page.module.js';
