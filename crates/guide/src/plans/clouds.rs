//! Managed Redis, by the clouds' own sign-in.

use super::common::{
    CHECK_HOSTNAME, CLUSTER_CA, CLUSTER_CHECK, CLUSTER_CONNECTIONS, CLUSTER_TIMEOUT, CLUSTER_TLS,
    CONNECTIONS, FIELD, NAMESPACE, NODES, ONE_HOST, ONE_PORT, OR_NODES, TIMEOUT, TTL,
};
use super::needs::{refused, since};
use crate::field::{Field, Kind, Needs, Off, Place};
use crate::{Line, Plan, System};
use facts::Behaviour;

pub(super) static MEMORYSTORE: Plan = Plan {
    system: System::Memorystore,
    name: "GCP Memorystore, IAM",
    sentence: "Memorystore for Redis Cluster, with tokens of a Google service account.",
    refused: |pair| refused(pair, Behaviour::GcpIam, "LiteLLM knows Google's IAM"),
    cautions: |pair| {
        let renews = Behaviour::AsyncClusterCredentialProvider;
        match since(pair, renews, "LiteLLM asks for new ones") {
            Needs::Not(since) => vec![format!(
                "This release asks Google for a token once, at start, and tokens last an hour. \
                     {since}"
            )],
            _ => vec![],
        }
    },
    lines: &[
        Line::Comment("", "Google Cloud Memorystore for Redis Cluster, with IAM."),
        Line::Comment("", "LiteLLM needs the package google-cloud-iam for it."),
        Line::Fixed("litellm_settings.cache", "true", ""),
        Line::Fixed(cache!("type"), "redis", ""),
        Line::Ask(&Field {
            label: "Discovery endpoint",
            help: "The discovery endpoint of the Memorystore cluster.",
            default: "redis-discovery.example.com:6379",
            comment: "the discovery endpoint",
            ..NODES
        }),
        Line::Ask(&Field {
            id: "account",
            label: "Service account",
            help: "The service account whose tokens Redis accepts, as `projects/-/serviceAccounts/…`.",
            required: true,
            default: "projects/-/serviceAccounts/litellm@my-project.iam.gserviceaccount.com",
            comment: "IAM; write no password beside it",
            place: Place::Config(cache!("gcp_service_account")),
            ..FIELD
        }),
        Line::Ask(&CLUSTER_TLS),
        Line::Ask(&Field { default: "", ..CLUSTER_CHECK }),
        Line::Ask(&Field {
            help: "The file with the certificate authority of Memorystore, as LiteLLM sees it.",
            comment: "Memorystore's own CA",
            otherwise: &[cache!("gcp_ssl_ca_certs")],
            ..CLUSTER_CA
        }),
        Line::Ask(&TTL),
        Line::Ask(&NAMESPACE),
        Line::Ask(&CLUSTER_TIMEOUT),
        Line::Ask(&CLUSTER_CONNECTIONS),
        Line::Ask(&Field {
            id: "credentials",
            label: "Key file of the service account",
            help: "Only outside Google Cloud: the JSON key file, by which LiteLLM signs in to Google.",
            kind: Kind::Path,
            place: Place::Variable("GOOGLE_APPLICATION_CREDENTIALS"),
            ..FIELD
        }),
    ],
};

pub(super) static AZURE_REDIS: Plan = Plan {
    system: System::AzureRedis,
    name: "Azure Redis, Entra ID",
    sentence: "Azure's Redis, with tokens of Microsoft Entra ID.",
    refused: |pair| refused(pair, Behaviour::AzureAd, "LiteLLM knows Microsoft Entra ID"),
    cautions: |_| vec![],
    lines: &[
        Line::Comment("", "Azure's Redis, with tokens of Microsoft Entra ID."),
        Line::Comment("", "LiteLLM needs the package azure-identity for it."),
        Line::Fixed("litellm_settings.cache", "true", ""),
        Line::Fixed(cache!("type"), "redis", ""),
        Line::Ask(&Field {
            help: "The cache's host name. Leave it empty where you give the nodes of a cluster.",
            default: "my-redis.redis.cache.windows.net",
            comment: "the cache's host name",
            ..ONE_HOST
        }),
        Line::Ask(&Field {
            help: "6380 for Azure Cache for Redis, 10000 for Azure Managed Redis.",
            default: "6380",
            comment: "10000 for Azure Managed Redis",
            ..ONE_PORT
        }),
        Line::Ask(&Field {
            label: "Cluster endpoint",
            help: "In place of host and port, for Azure Managed Redis with the OSS cluster policy.",
            ..OR_NODES
        }),
        Line::Fixed(
            cache!("azure_redis_ad_token"),
            "true",
            "tokens; write no user and no password beside it",
        ),
        Line::Ask(&Field {
            id: "client_id",
            label: "Client ID",
            help: "The application's or the managed identity's client ID. Leave it empty for the \
                    identity that LiteLLM runs under.",
            comment: "the application or managed identity",
            place: Place::Config(cache!("azure_client_id")),
            ..FIELD
        }),
        Line::Ask(&Field {
            id: "tenant_id",
            label: "Tenant ID",
            help: "The directory of the application. Only beside a client secret.",
            comment: "the application's directory",
            place: Place::Config(cache!("azure_tenant_id")),
            ..FIELD
        }),
        Line::Ask(&Field {
            id: "client_secret",
            label: "Client secret variable",
            help: "The name of the environment variable that holds the application's secret.",
            kind: Kind::Secret,
            comment: "from the environment",
            place: Place::Config(cache!("azure_client_secret")),
            ..FIELD
        }),
        Line::Ask(&CLUSTER_TLS),
        Line::Ask(&Field { router: None, ..CHECK_HOSTNAME }),
        Line::Ask(&TTL),
        Line::Ask(&NAMESPACE),
        Line::Ask(&Field { router: None, ..TIMEOUT }),
        Line::Ask(&Field { router: None, ..CONNECTIONS }),
    ],
};

pub(super) static ELASTI_CACHE: Plan = Plan {
    system: System::ElastiCache,
    name: "AWS ElastiCache, IAM",
    sentence: "ElastiCache, with tokens of AWS IAM.",
    refused: |pair| refused(pair, Behaviour::AwsIam, "LiteLLM knows AWS IAM"),
    cautions: |_| vec![],
    lines: &[
        Line::Comment("", "AWS ElastiCache, with tokens of AWS IAM. It takes TLS."),
        Line::Fixed("litellm_settings.cache", "true", ""),
        Line::Fixed(cache!("type"), "redis", ""),
        Line::Ask(&Field {
            help: "The primary endpoint. Leave it empty where you give the endpoint of a cluster.",
            default: "master.my-cache.abc123.euc1.cache.amazonaws.com",
            comment: "the primary endpoint",
            ..ONE_HOST
        }),
        Line::Ask(&Field { comment: "", ..ONE_PORT }),
        Line::Ask(&Field {
            label: "Cluster endpoint",
            help: "In place of host and port: the configuration endpoint with cluster mode on, or \
                    the endpoint of a serverless cache.",
            comment: "the configuration endpoint",
            ..OR_NODES
        }),
        Line::Fixed(cache!("aws_iam_auth"), "true", "tokens; write no password beside it"),
        Line::Ask(&Field {
            id: "user",
            label: "User",
            help: "The ElastiCache user with IAM authentication.",
            required: true,
            default: "litellm",
            comment: "the user with IAM authentication",
            place: Place::Config(cache!("aws_iam_user_name")),
            ..FIELD
        }),
        Line::Ask(&Field {
            id: "cache_name",
            label: "Cache name",
            help: "The name of the replication group or serverless cache. It is not the host name.",
            required: true,
            default: "my-cache",
            comment: "the cache's name, not its host",
            place: Place::Config(cache!("aws_iam_cache_name")),
            ..FIELD
        }),
        Line::Ask(&Field {
            id: "region",
            label: "Region",
            help: "The AWS region. Without it, AWS_REGION counts.",
            default: "eu-central-1",
            comment: "without it, AWS_REGION counts",
            place: Place::Config(cache!("aws_iam_region")),
            ..FIELD
        }),
        Line::Ask(&Field {
            id: "serverless",
            label: "Serverless",
            help: "The cache is a serverless one.",
            kind: Kind::Flag(Off::Absent),
            comment: "a serverless cache",
            place: Place::Config(cache!("aws_iam_serverless")),
            ..FIELD
        }),
        Line::Ask(&CLUSTER_TLS),
        Line::Ask(&Field { router: None, ..CHECK_HOSTNAME }),
        Line::Ask(&TTL),
        Line::Ask(&NAMESPACE),
        Line::Ask(&Field { router: None, ..TIMEOUT }),
        Line::Ask(&Field { router: None, ..CONNECTIONS }),
    ],
};
