//! Passwords, users and permissions.

use super::{cause, defect, litellm, native, redis_py, server};
use crate::{Entry, When};
use facts::Behaviour;

const LEAST: &str = "Grant what LiteLLM uses: `+ping +info +get +set +mget +incrbyfloat +incrby +expire +ttl +evalsha +script|load +del +time +zadd +zrem +zcard +zremrangebyscore`, on a cluster `+command +cluster|slots +cluster|shards` too.";

pub(super) static ENTRIES: &[Entry] = &[
    Entry::new(
        "login-required",
        "The server requires a login",
        &[
            server("NOAUTH Authentication required.", "Redis server.c shared.noautherr"),
            redis_py("Authentication required.", "redis/_parsers/base.py: NOAUTH becomes AuthenticationError"),
            server("HELLO must be called with the client already authenticated", "Redis networking.c helloCommand"),
            server("ERR operation not permitted", "Redis before 2.8"),
        ],
        "The server has a password, and this connection sent none.",
        &[
            cause(When::All(&[When::OtherThanSentinel, When::Found(&["RP501"])]), "This release drops the password for Sentinel.", "Do as RP501 says.").codes(&["RP501"]),
            defect("LD28379"),
            cause(When::All(&[When::SentinelsWithoutPassword, When::Not(&When::Behaves(Behaviour::SentinelGetsRedisSettings))]), "This release sends the sentinels no password: what `sentinel_password` says goes to the master.", "Do as RP501 says, or let the sentinels take no password.").codes(&["RP501"]),
            cause(When::All(&[When::SentinelsWithoutPassword, When::Behaves(Behaviour::SentinelGetsRedisSettings)]), "The sentinels have a password of their own, and get none.", "Set `sentinel_password`."),
            cause(When::All(&[When::NoLogin, When::Found(&["RP401", "RP403"])]), "What replaces the configuration's target brings no password.", "Do as the finding says.").codes(&["RP401", "RP403"]),
            cause(When::All(&[When::NoLogin, When::Not(&When::Found(&["RP401", "RP403"]))]), "No password is set, or the variable that it comes from is empty.", "Set `password` (REDIS_PASSWORD), and `username` where the server has users.").codes(&["RP105", "RP209", "RP602"]),
            cause(When::Login, "The client sends a password: the text comes from another connection, such as the router's, or from before a variable was set.", "Look in `redproof explain` for the client without a password."),
        ],
        "`redproof explain`: which client has a password, and where it comes from.",
    )
    .outcome("auth_required"),
    Entry::new(
        "wrong-password",
        "User or password is wrong",
        &[
            server("WRONGPASS invalid username-password pair", "Redis 6 acl.c"),
            redis_py("invalid username-password pair or user is disabled", "redis/_parsers/base.py: WRONGPASS becomes AuthenticationError"),
            server("ERR invalid password", "Redis before 6"),
            redis_py("Invalid Username or Password", "redis/connection.py AbstractConnection.on_connect").seen("4.6.0", "8.1.0"),
            server("WRONGPASS invalid or missing auth token", "Upstash"),
            native("Password authentication failed", "redis-rs connection.rs"),
            native("AuthenticationFailed", "redis-rs ErrorKind"),
        ],
        "The server knows no such user, the password is another one, or the user is off.",
        &[
            cause(When::Token, "The cloud's token is for a user or cache other than the server's, or expired: it lives 15 minutes at AWS and an hour elsewhere.", "Make the user's name equal the IAM user's, and let each new connection take a new token."),
            cause(When::Found(&["RP112", "RP113", "RP725", "RP726"]), "The password is sent otherwise than it is meant: with a line break or quotes, with a `%` escape read as another character, as a reference that nothing fills in, or in the user's place of a URL.", "Do as the finding says.").codes(&["RP112", "RP113", "RP725", "RP726"]),
            cause(When::PasswordAlone, "No username is sent, so that the password is held against the user `default`.", "Set `username` (REDIS_USERNAME) where the server has users (ACL).").codes(&["RP404"]),
            cause(When::Login, "The password is another than the server's: a space or line break at its end, quotes that belong to it, `%` escapes in a URL, or a rotated secret.", "Compare the bytes: `printf %s \"$REDIS_PASSWORD\" | sha256sum` on both sides. In a URL write `#` as %23, `/` as %2F, `@` as %40.").codes(&["RP207", "RP404", "RP401"]),
            cause(When::NoLogin, "No client of this configuration sends a password: the text comes from another one.", "Check that this is the configuration and environment that runs."),
        ],
        "`redis-cli --user USER --askpass -h HOST PING`; `ACL LOG` at the server names the user that was tried.",
    )
    .outcome("auth_failed"),
    Entry::new(
        "password-not-wanted",
        "The server has no password, and gets one",
        &[
            server("AUTH <password> called without any password configured for the default user", "Redis 6 acl.c"),
            server("Client sent AUTH, but no password is set", "Redis before 6"),
        ],
        "The client sends a password to a server that has none.",
        &[
            cause(When::SentinelPort, "The port is a sentinel's, which has no password.", "Write the port of Redis, or `sentinel_nodes` and `service_name`."),
            cause(When::Sentinel, "LiteLLM sends the password to the sentinels too, and they have none.", "Leave `sentinel_password` out; on releases that send `password` to the sentinels, give them the same one."),
            cause(When::Username, "A username is set, and the server knows only the user `default` without a password.", "Create the user at the server (`ACL SETUSER`), or leave `username` and `password` out."),
            cause(When::Login, "The server's `requirepass` is not set.", "Give the server a password (`requirepass`), or leave `password` out."),
        ],
        "`redis-cli CONFIG GET requirepass` and `ACL LIST`.",
    )
    .outcome("auth_failed"),
    Entry::new(
        "auth-takes-one-argument",
        "The server knows no users",
        &[
            server("wrong number of arguments for 'auth' command", "Redis before 6"),
            redis_py("AuthenticationWrongNumberOfArgsError", "redis/exceptions.py").seen("4.6.0", "8.1.0"),
        ],
        "The client sent a user's name and a password; a server before Redis 6 takes a password alone.",
        &[
            cause(When::Username, "`username` is set, and the server (Redis before 6, some proxies) has no users.", "Leave `username` out, also from REDIS_USERNAME and the URL, or upgrade the server to Redis 6."),
            cause(When::Token, "Login with a cloud's token sends a user's name, which the server does not take.", "Use a server with IAM login: Redis 6 or newer."),
            cause(When::Always, "A user's name is sent to a server before Redis 6.", "Leave `username` out, or upgrade the server to Redis 6."),
        ],
        "`INFO server`: redis_version.",
    )
    .outcome("auth_failed"),
    Entry::new(
        "command-not-permitted",
        "The user may not run a command",
        &[
            server("NOPERM this user has no permissions to run the", "Redis 6.0 to 7.0 server.c"),
            redis_py("this user has no permissions to run the", "redis/_parsers/base.py: NOPERM becomes NoPermissionError"),
            server("has no permissions to run the '{}' command", "Redis 7.2 acl.c getAclErrorMessage"),
            server("This user has no permissions to run the", "Redis 7 script errors"),
        ],
        "The login works, and the user's ACL lacks a command that LiteLLM sends.",
        &[
            cause(When::Cluster, "A cluster client asks `COMMAND` and `CLUSTER SLOTS` at once: without them it does not start.", "Grant `+command +cluster|slots +cluster|shards +info +ping` besides the commands of the cache.").codes(&["RP651"]),
            cause(When::NumberedDatabase, "The ACL lacks SELECT, which a database other than 0 needs.", "Grant `+select`, or use db 0."),
            cause(When::ClientName, "The ACL lacks CLIENT SETNAME, which `client_name` needs.", "Grant `+client|setname`, or drop `client_name`."),
            cause(When::Login, "The ACL lacks commands of the rate limits, of the router or of the cache.", LEAST).codes(&["RP651"]),
            cause(When::NoLogin, "The user `default` is limited.", LEAST),
        ],
        "`ACL LOG` at the server names the command; `redproof probe` lists all that the user may not run.",
    )
    .outcome("no_permission"),
    Entry::new(
        "key-not-permitted",
        "The user may not touch a key",
        &[
            server("this user has no permissions to access one of the keys", "Redis 6.0 to 7.0 server.c"),
            server("No permissions to access a key", "Redis 7.2 acl.c getAclErrorMessage"),
            server("has no permissions to access the '{}' key", "Redis 7 acl.c"),
        ],
        "The user's key pattern does not hold a key that LiteLLM uses.",
        &[
            cause(When::Always, "Not all of LiteLLM's keys begin with `namespace`: rate limits' scripts before 1.92 and the Rust client of 1.110 use keys without it.", "Give the user `~*` on a Redis of LiteLLM's own; or set `namespace` and the pattern `~NAMESPACE:*`, on a release that prefixes all keys."),
        ],
        "`ACL LOG` at the server names the key.",
    )
    .outcome("no_permission"),
    Entry::new(
        "channel-not-permitted",
        "The user may not use a channel",
        &[
            server("this user has no permissions to access one of the channels", "Redis 6.2 to 7.0 server.c"),
            server("No permissions to access a channel", "Redis 7.2 acl.c getAclErrorMessage"),
            server("has no permissions to access the '{}' channel", "Redis 7 acl.c"),
        ],
        "Redis 7 denies all channels to new users (`acl-pubsub-default resetchannels`), and replicas with a database tell each other of changes on two.",
        &[cause(When::Always, "The user has no pattern for channels.", "Grant them: `ACL SETUSER NAME &litellm_proxy.* +publish +subscribe`; with `namespace: ns`, `&ns:*`.")],
        "`ACL GETUSER NAME`: channels.",
    )
    .outcome("no_permission"),
    Entry::new(
        "gcp-login-failed",
        "The login with Google's token failed",
        &[
            litellm("GCP IAM authentication failed", "litellm/_redis.py create_gcp_iam_redis_connect_func").seen("1.77.7", "1.110.2"),
            litellm("Failed to generate GCP IAM access token", "litellm/_redis.py").seen("1.77.7", "1.83.0"),
            litellm("google-cloud-iam is required for GCP IAM Redis authentication", "litellm/_redis.py _generate_gcp_iam_access_token").seen("1.77.7", "1.110.2"),
            server("iam.serviceAccounts.getAccessToken", "Google IAM API"),
        ],
        "LiteLLM asked Google for a token of the service account, or Memorystore refused it.",
        &[
            cause(When::Token, "The workload may not make tokens for the service account, or the account lacks `roles/redis.dbConnectionUser`; its name has the form projects/-/serviceAccounts/NAME@PROJECT.iam.gserviceaccount.com.", "Write that form under `gcp_service_account`, grant `roles/iam.serviceAccountTokenCreator` to the workload and `roles/redis.dbConnectionUser` to the account.").codes(&["RP601", "RP603"]),
            cause(When::Always, "`gcp_service_account` is set, and the token can't be made or is refused.", "Install `google-cloud-iam`, and grant the two roles."),
        ],
        "`gcloud auth print-access-token --impersonate-service-account NAME` from the workload.",
    )
    .outcome("auth_failed"),
    Entry::new(
        "azure-login-failed",
        "The login with Microsoft Entra ID failed",
        &[
            litellm("Azure AD authentication failed for Redis", "litellm/_redis.py create_azure_ad_redis_connect_func").seen("1.85.0", "1.110.2"),
            server("DefaultAzureCredential failed to retrieve a token", "azure-identity"),
            server("Invalid tenant ID provided", "azure-identity"),
            litellm("azure-identity is required", "litellm/_redis_credential_provider.py").seen("1.83.0", "1.110.2"),
        ],
        "LiteLLM asked Entra ID for a token, or the cache refused it.",
        &[
            cause(When::Token, "The identity has no access policy at the cache, or `username` is not its object id.", "Assign the data access policy to the identity, and set its object id as `username`."),
            cause(When::Always, "No credential is found: `azure_client_id` and kin, or a managed identity.", "Give the pod a managed identity, or set tenant, client and secret."),
        ],
        "`az account get-access-token --resource https://redis.azure.com` as that identity.",
    )
    .outcome("auth_failed"),
    Entry::new(
        "aws-login-failed",
        "The login with AWS IAM failed",
        &[
            litellm("Unable to resolve AWS credentials for ElastiCache IAM", "litellm/_redis_credential_provider.py ElastiCacheIAMCredentialProvider").seen("1.105.0", "1.110.2"),
            litellm("Unable to generate AWS ElastiCache IAM credentials", "litellm/_redis_credential_provider.py").seen("1.105.0", "1.110.2"),
            litellm("AWS ElastiCache IAM Redis authentication requires", "litellm/_redis.py _get_redis_client_logic").seen("1.105.0", "1.110.2"),
        ],
        "LiteLLM could not sign a token for ElastiCache, or settings for it are missing.",
        &[
            cause(When::Found(&["RP101"]), "`aws_iam_auth` lacks TLS, or one of `aws_iam_user_name`, `aws_iam_cache_name` and `aws_iam_region`.", "Set all three, and `ssl: true`.").codes(&["RP101"]),
            cause(When::Token, "The pod has no AWS credentials, or may not `elasticache:Connect`.", "Give it a role (IRSA, task role) that allows `elasticache:Connect` on the cache and the user."),
            cause(When::Always, "IAM login is asked for without what it needs.", "Set `aws_iam_user_name`, `aws_iam_cache_name`, `aws_iam_region` and `ssl: true`, and give the pod a role."),
        ],
        "`aws sts get-caller-identity` inside the container.",
    )
    .outcome("auth_failed"),
    Entry::new(
        "two-clouds",
        "Two cloud logins are configured",
        &[
            litellm("are configured for Redis. Using GCP IAM", "litellm/_redis.py _get_redis_client_logic").seen("1.85.0", "1.110.2"),
            litellm("are configured for Redis. Using Azure AD", "litellm/_redis.py _get_redis_client_logic").seen("1.105.0", "1.110.2"),
        ],
        "LiteLLM takes one of them and says which.",
        &[cause(When::Always, "Settings or REDIS_* variables of two clouds are there.", "Remove those of the other cloud.")],
        "The environment: REDIS_GCP_SERVICE_ACCOUNT, REDIS_AZURE_*, REDIS_AWS_IAM_*.",
    )
    .outcome("invalid_config"),
];
