"""One way at least to break each rule in k8s/: (rule, file, what stands there, what then)."""

NATS, DATA = "nats/nats.yaml", "postgres/clusters.yaml"
ALERTS, BOARDS, COLLECTOR = "telemetry/rules.yaml", "telemetry/dashboards.yaml", "telemetry/collector.yaml"

MUTATIONS = [
    ("pods", NATS, "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false"),
    ("pods", COLLECTOR, "automountServiceAccountToken: false", "automountServiceAccountToken: true"),
    ("pods", NATS, "image: nats:2.12.15", "image: nats"),
    ("pods", COLLECTOR, "limits: { cpu: \"1\", memory: 512Mi }", "limits: { cpu: \"1\" }"),
    ("namespaces", "namespaces.yaml", "enforce: restricted", "enforce: baseline"),
    ("namespaces", "namespaces.yaml", "policyTypes: [Ingress, Egress]", "policyTypes: [Ingress]"),
    ("namespaces", "namespaces.yaml", "podSelector: {}", "podSelector: { matchLabels: { a: b } }"),
    ("ways_named", NATS, "ports: [{ port: 4222, protocol: TCP }]", "ports: []"),
    ("ways_named", DATA, "cidr: 10.20.0.0/24", "cidr: 0.0.0.0/0"),
    ("ways_named", COLLECTOR, "podSelector: { matchLabels: { app.kubernetes.io/part-of: luban } }", "podSelector: {}"),
    ("broker", NATS, "replicas: 3", "replicas: 2"),
    ("broker", NATS, "sync_interval: always", "sync_interval: 2m"),
    ("broker", NATS, "nats:2.12.15", "nats:2.10.22"),
    ("broker", NATS, "include ./accounts.conf", "authorization { users: [{ user: a, password: b }] }"),
    ("broker", NATS, "whenUnsatisfiable: DoNotSchedule", "whenUnsatisfiable: ScheduleAnyway"),
    ("broker", NATS, "max_file_store: 36Gi", "max_file_store: 8Gi"),
    ("broker", NATS, "nats-route://nats-2", "nats-route://nats-1"),
    ("databases", DATA, "dataDurability: required", "dataDurability: preferred"),
    ("databases", DATA, "failoverQuorum: true", "failoverQuorum: false"),
    ("databases", DATA, "instances: 3", "instances: 2"),
    ("databases", DATA, "dataChecksums: true", "dataChecksums: false"),
    ("databases", DATA, "isWALArchiver: true", "isWALArchiver: false"),
    ("databases", DATA, "enableSuperuserAccess: false", "enableSuperuserAccess: true"),
    ("databases", DATA, "values: [review, review-migrate]", "values: [review, review-migrate, results]"),
    ("databases", DATA, "grant connect on database results", "grant all on database results"),
    ("databases", DATA, "kind: ScheduledBackup", "kind: Backup"),
    ("secrets", DATA, "passwordSecret: { name: results-db-runtime }", "passwordSecret: { name: results-db-other }"),
    ("watching", ALERTS, "alert: FactsGivenUp", "alert: FactsLost"),
    ("watching", ALERTS, "cnpg_luban_relay_oldest_pending_seconds", "cnpg_luban_relay_oldest_seconds"),
    ("watching", ALERTS, "jetstream_consumer_num_pending", "nats_consumer_pending"),
    ("watching", BOARDS, "luban_duration_seconds_bucket", "luban_duration_milliseconds_bucket"),
    ("watching", "postgres/queries.yaml", "- quarantined:", "- given_up:"),
    ("doors", "gateway/routes.yaml", "port: 8080", "port: 80"),
    ("doors", "gateway/routes.yaml", "&limits [{ name: public-rate }, ", "&limits ["),
    ("doors", "gateway/routes.yaml", "tls: { secretName: grpc-certificate }", "tls: {}"),
]
# Broken elsewhere than in a file of k8s/: a service's user of NATS, and its source.
ELSEWHERE = {"users"}
