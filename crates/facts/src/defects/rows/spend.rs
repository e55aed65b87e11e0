//! The buffer that collects spend in Redis, and the lock of the replica that empties it.

use crate::defects::Reach::Asked;
use crate::defects::Reference::{Issue, Pull};
use crate::defects::When::{All, Coordination, Names, Not, On};
use crate::defects::{Affected, Defect, SEVERAL};
use crate::version::v;

pub(super) static ROWS: &[Defect] = &[
    Defect {
        id: "LD30600",
        name: "pod-lock-is-never-released",
        affected: &[Affected::between(v(1, 83, 9, 0), v(1, 90, 0, 0))],
        when: All(&[On("general_settings.use_redis_transaction_buffer"), Coordination]),
        depends: None,
        reach: Asked,
        happens: "The lock that elects the replica which writes spend to the database is compared with \
            its JSON text and never matches: it is released only when it expires. One replica \
            drains the buffer, the others wait, and the spend buffers in Redis \
            (`litellm_daily_…_spend_update_buffer`) grow.",
        cure: "Use LiteLLM 1.90.0 or newer.",
        references: &[Pull(30600), Pull(24466)],
        source: "PodLockManager._compare_and_delete_lock, \
            proxy/db/db_transaction_queue/pod_lock_manager.py: args=[self.pod_id] against a \
            value stored as json.dumps; 1.90.0 args=[json.dumps(self.pod_id)].",
    },
    Defect {
        id: "LD21225",
        name: "pod-lock-release-is-not-atomic",
        affected: &[Affected::between(v(1, 65, 3, 0), v(1, 83, 9, 0))],
        when: All(&[On("general_settings.use_redis_transaction_buffer"), Coordination]),
        depends: Some(SEVERAL),
        reach: Asked,
        happens: "A replica that releases its lock reads it, compares and deletes in three steps: it \
            can delete the lock that another replica has just taken, and two replicas then write \
            the same spend.",
        cure: "Use LiteLLM 1.90.0 or newer (from 1.83.9 to 1.89.7 the lock has another defect).",
        references: &[Issue(21225), Pull(24466)],
        source: "PodLockManager.release_lock, proxy/db/db_transaction_queue/pod_lock_manager.py: \
            async_get_cache, compare, async_delete_cache; from 1.83.9 a Lua script compares and \
            deletes.",
    },
    Defect {
        id: "LD19163",
        name: "spend-buffer-without-redis-drops-spend",
        affected: &[Affected::between(v(1, 65, 3, 0), v(1, 82, 1, 0))],
        when: All(&[On("general_settings.use_redis_transaction_buffer"), Not(&Coordination)]),
        depends: None,
        reach: Asked,
        happens: "`use_redis_transaction_buffer` is on and there is no coordination Redis: the queues \
            are emptied each cycle, nothing reaches the database, and no error is logged. Newer \
            releases refuse to start.",
        cure: "Give the response cache a Redis (`cache: true`, `cache_params.type: redis`), or \
            remove `use_redis_transaction_buffer`.",
        references: &[Issue(19163), Pull(23019)],
        source: "RedisUpdateBuffer._store_transactions_in_redis, \
            proxy/db/db_transaction_queue/redis_update_buffer.py: `if self.redis_cache is None: \
            return`; 1.82.1 proxy/proxy_server.py \
            ProxyStartupEvent._validate_redis_transaction_buffer_config raises ValueError.",
    },
    Defect {
        id: "LD33872",
        name: "spend-buffer-loses-what-fails-to-commit",
        affected: &[Affected::between(v(1, 65, 3, 0), v(1, 98, 0, 0))],
        when: All(&[On("general_settings.use_redis_transaction_buffer"), Coordination]),
        depends: Some("the database refuses a write"),
        reach: Asked,
        happens: "Spend is removed from Redis before the database has taken it. When the write fails \
            after its retries it is gone: \"Data already popped from Redis may be lost\".",
        cure: "Use LiteLLM 1.98.0 or newer, which puts it back.",
        references: &[Issue(33872)],
        source: "DBSpendUpdateWriter._commit_spend_updates_to_db_with_redis, \
            proxy/db/db_spend_update_writer.py: the except only logs; 1.98.0 calls \
            restore_transactions_to_redis \
            (proxy/db/db_transaction_queue/redis_update_buffer.py).",
    },
    Defect {
        id: "LD10379",
        name: "spend-buffer-needs-redis-6.2",
        affected: &[Affected::between(v(1, 65, 1, 0), v(1, 72, 2, 0))],
        when: All(&[On("general_settings.use_redis_transaction_buffer"), Coordination]),
        depends: Some("the server is Redis before 6.2"),
        reach: Asked,
        happens: "The spend buffer is read with `LPOP key count`, which Redis before 6.2 (Azure \
            Cache's 6.0, old ElastiCache) refuses: \"wrong number of arguments for 'lpop' \
            command\". The buffer grows and spend never reaches the database.",
        cure: "Use LiteLLM 1.72.2 or newer, or Redis 6.2 or newer.",
        references: &[Issue(10379), Pull(11425)],
        source: "RedisCache.async_lpop, caching/redis_cache.py: lpop(key, count); 1.72.2 \
            handle_lpop_count_for_older_redis_versions.",
    },
    Defect {
        id: "LD16207",
        name: "spend-buffer-fails-on-valkey-version",
        affected: &[Affected::between(v(1, 72, 2, 0), v(1, 79, 2, 0))],
        when: All(&[On("general_settings.use_redis_transaction_buffer"), Coordination]),
        depends: Some("the server is ElastiCache for Valkey"),
        reach: Asked,
        happens: "ElastiCache for Valkey answers INFO with a version that redis-py makes a number: \
            `'float' object has no attribute 'split'`. Each read of the spend buffer fails and \
            spend never reaches the database.",
        cure: "Use LiteLLM 1.79.2 or newer.",
        references: &[Pull(16207)],
        source: "RedisCache.async_lpop, caching/redis_cache.py: \
            int(self.redis_version.split('.')[0]); 1.79.2 _parse_redis_major_version.",
    },
    Defect {
        id: "LD10393",
        name: "tag-spend-stays-in-redis",
        affected: &[Affected::between(v(1, 66, 3, 0), v(1, 67, 5, 0))],
        when: All(&[On("general_settings.use_redis_transaction_buffer"), Coordination]),
        depends: None,
        reach: Asked,
        happens: "Spend by tag is pushed into `litellm_daily_tag_spend_update_buffer` and never read \
            back: the list grows in Redis and the tag usage stays empty.",
        cure: "Use LiteLLM 1.67.5 or newer.",
        references: &[Pull(10393)],
        source: "proxy/db/db_spend_update_writer.py _commit_spend_updates_to_db_with_redis: no \
            get_all_daily_tag_spend_update_transactions_from_redis_buffer; 1.67.5 has it.",
    },
    Defect {
        id: "LD36489",
        name: "every-replica-sends-the-spend-reports",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 98, 0, 0))],
        when: Names("general_settings.alerting", "slack"),
        depends: Some(SEVERAL),
        reach: Asked,
        happens: "Each replica and worker runs the timer of the weekly, monthly and daily reports: Slack gets \
            one of each, and another after every rollout.",
        cure: "Use LiteLLM 1.98.0 or newer with a coordination Redis, where one replica holds a lock.",
        references: &[Issue(14809), Pull(36489)],
        source: "SlackAlerting._run_scheduler_helper, integrations/SlackAlerting/slack_alerting.py: sends \
            without asking; 1.98.0 pod_lock_manager.acquire_lock.",
    },
];
