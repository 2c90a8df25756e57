// Front door of the proxies: copies of videos that browsers play.
export { Proxy } from './proxy.entity.js';
export { proxyErrors } from './proxy.errors.js';
export { type ClaimedProxy, DUE_PROXIES, ProxyState } from './proxy-state.js';
export { ProxiesModule } from './proxies.module.js';
