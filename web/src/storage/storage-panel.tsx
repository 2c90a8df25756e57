// What is stored, how long it is kept, and what that would free.
import { useStorage } from '../api/storage';
import { fileSize } from '../library/file-size';
import { ProblemNotice } from '../shell/problem-notice';
import styles from './storage-panel.module.css';
import { TenantRow } from './tenant-row';

const PARTS = [['bytes', 'Videos'], ['proxy_bytes', 'copies to play'], ['cut_bytes', 'cuts']] as const;

export default function StoragePanel() {
  const { data, error } = useStorage();
  if (error && !data) return <ProblemNotice error={error} />;
  if (!data) return <div className={styles.disk} aria-busy="true" />;
  const { size_bytes: size, free_bytes: free, reserve_bytes: reserve } = data.disk;
  const stored = data.tenants.reduce((sum, { bytes, cut_bytes: cuts, proxy_bytes: copies }) => sum + bytes + cuts + copies, 0);
  const partOf = (part: (typeof PARTS)[number][0]): number => data.tenants.reduce((sum, use) => sum + use[part], 0);
  const freed = (when: 'now' | 'in_seven_days'): number => data.tenants.reduce((sum, { freed_bytes: bytes }) => sum + bytes[when], 0);
  const used = Math.max(0, size - free);
  return (
    <>
      <section className={styles.disk} aria-label="Disk">
        <p>
          {PARTS.map(([part, name]) => (part === 'bytes' || partOf(part) > 0) && (
            <span key={part}>
              {name} <strong>{fileSize(partOf(part))}</strong> ·{' '}
            </span>
          ))}
          disk <strong>{fileSize(free)}</strong> free of {fileSize(size)}
          {free < reserve && <span className="lost"> · no video is taken: less than {fileSize(reserve)} is free</span>}
        </p>
        <div className={styles.bar} role="img" aria-label={`${Math.round((used / size) * 100)} % of the disk is used, ${Math.round((stored / size) * 100)} % by what is stored here`}>
          <i style={{ width: `${(stored / size) * 100}%` }} className={styles.videos} />
          <i style={{ width: `${(Math.max(0, used - stored) / size) * 100}%` }} className={styles.other} />
          <i style={{ width: `${(reserve / size) * 100}%` }} className={styles.reserve} />
        </div>
        <p className={styles.legend}>
          <span data-kind="videos">videos, copies and cuts</span>
          <span data-kind="other">everything else on this disk</span>
          <span data-kind="reserve">kept free, {fileSize(reserve)}</span>
        </p>
        <p>
          Retention would free <strong>{fileSize(freed('now'))}</strong> at its next look, <strong>{fileSize(freed('in_seven_days'))}</strong> within seven days.
        </p>
      </section>
      {data.tenants.length === 0 && <p className="dim">There is no video.</p>}
      <ul className={styles.tenants} aria-label="Tenants">
        {data.tenants.map((tenant) => (
          <TenantRow key={tenant.tenant_id} use={tenant} />
        ))}
      </ul>
    </>
  );
}
