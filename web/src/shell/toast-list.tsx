// Shows the short messages.
import { CloseIcon } from './icons';
import styles from './toast-list.module.css';
import { closeToast, useToasts } from './toasts';

export function ToastList() {
  const toasts = useToasts();
  return (
    <div className={styles.list} role="status" aria-live="polite">
      {toasts.map(({ id, text, tone, action }) => (
        <div key={id} className={styles.toast} data-tone={tone}>
          <span>{text}</span>
          {action && (
            <button
              type="button"
              className={styles.action}
              onClick={() => {
                action.run();
                closeToast(id);
              }}
            >
              {action.label}
            </button>
          )}
          <button type="button" className={styles.close} aria-label="Close" onClick={() => closeToast(id)}>
            <CloseIcon />
          </button>
        </div>
      ))}
    </div>
  );
}
