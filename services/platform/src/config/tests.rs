use std::io::Write;

use secrecy::ExposeSecret;
use serde::Deserialize;

use super::*;

const DEFAULTS: &str = r#"
[http]
listen = "127.0.0.1:8080"
[neighbours]
registry = ["http://127.0.0.1:1"]
"#;

#[derive(Debug, Deserialize)]
struct WithHttp {
    http: Http,
}

#[derive(Debug, Deserialize)]
struct Http {
    listen: std::net::SocketAddr,
}

impl Sections for WithHttp {}

fn variables(pairs: &[(&str, &str)]) -> Variables {
    pairs
        .iter()
        .map(|&(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// What is left to say after the defaults: nothing else is required outside production.
fn usable() -> Variables {
    variables(&[
        ("LUBAN__SERVICE__MODE", "test"),
        ("LUBAN__ACCESS__ISSUER", "https://issuer.test"),
        ("LUBAN__ACCESS__JWKS_FILE", "keys.json"),
    ])
}

fn with(pairs: &[(&str, &str)]) -> Result<(Settings, WithHttp), Problems> {
    let mut all = usable();
    all.extend(variables(pairs));
    load(DEFAULTS, None, &all)
}

fn problems(pairs: &[(&str, &str)]) -> Vec<String> {
    with(pairs).expect_err("the settings are wrong").0
}

#[test]
fn defaults_and_a_few_variables_are_enough() {
    let (settings, extra) = with(&[]).expect("usable");
    assert_eq!(settings.service.mode, Mode::Test);
    assert_eq!(settings.server.drain.as_secs(), 20);
    assert_eq!(settings.database.url_file, None);
    assert_eq!(
        settings.neighbour("registry").expect("a default"),
        ["http://127.0.0.1:1"]
    );
    assert_eq!(extra.http.listen.port(), 8080);
}

#[test]
fn the_environment_lies_over_the_file_and_the_file_over_the_defaults() {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    write!(
        file,
        "[server]\nlisten = \"[::1]:1\"\nrequest_timeout = \"1m 30s\"\n"
    )
    .expect("written");
    let mut all = usable();
    all.extend(variables(&[
        ("LUBAN__SERVER__LISTEN", "[::1]:2"),
        ("LUBAN__NEIGHBOURS__REGISTRY", "http://a:1,http://b:2"),
        ("LUBAN__NEIGHBOURS__EXAM_SCHEDULING", "http://c:3"),
    ]));
    let (settings, _) = load::<WithHttp>(DEFAULTS, Some(file.path()), &all).expect("usable");
    assert_eq!(settings.server.listen.port(), 2);
    assert_eq!(settings.server.request_timeout.as_secs(), 90);
    assert_eq!(
        settings.neighbour("registry").expect("set"),
        ["http://a:1", "http://b:2"]
    );
    assert_eq!(
        settings.neighbour("exam_scheduling").expect("set"),
        ["http://c:3"]
    );
    assert!(settings.neighbour("review").is_err());
}

#[test]
fn all_problems_are_told_at_once() {
    let problems = problems(&[
        ("LUBAN__SERVICE__MODE", "prod"),
        ("LUBAN__SERVER__LISTN", "127.0.0.1:1"),
        ("LUBAN__SERVER__DRAIN", "soon"),
        ("LUBAN__SERVER__REQUEST_TIMEOUT", "0s"),
        ("LUBAN__DATABASE__MAX_CONNECTIONS", "many"),
        ("LUBAN__NATS__REPLICAS", "0"),
        ("LUBAN__HTTP__LISTEN", "here"),
    ]);
    let of = |key: &str| {
        problems
            .iter()
            .filter(|problem| problem.starts_with(key))
            .count()
    };
    for key in [
        "service.mode: ",
        "server.listn: no such setting (the environment)",
        "server.drain: ",
        "server.request_timeout: ",
        "database.max_connections: ",
        "nats.replicas: at least 1",
        "http.listen: ",
        // A mode that is none counts as the strictest.
        "nats.credentials_file: production",
        "keys.directory: production",
    ] {
        assert_eq!(of(key), 1, "{key} in {problems:#?}");
    }
    assert_eq!(problems.len(), 9, "{problems:#?}");
}

#[test]
fn production_is_the_default_and_insists() {
    let all = variables(&[
        ("LUBAN__CLOCK__BUSINESS_TIME_FILE", "/clock"),
        ("LUBAN__ACCESS__ISSUER", crate::access::DEVELOPMENT_ISSUER),
        ("LUBAN__ACCESS__JWKS_FILE", "keys.json"),
    ]);
    let problems = load::<WithHttp>(DEFAULTS, None, &all)
        .expect_err("not for production")
        .0;
    let keys: Vec<_> = problems
        .iter()
        .filter_map(|problem| problem.split(':').next())
        .collect();
    assert_eq!(
        keys,
        [
            "clock.business_time_file",
            "nats.credentials_file",
            "keys.directory",
            "access.issuer"
        ]
    );
}

#[test]
fn a_database_without_its_file_is_named_by_the_key_and_a_secret_does_not_print_itself() {
    let (mut settings, _) = with(&[]).expect("usable");
    let error = settings.database.url().expect_err("not set");
    let text = format!("{:#}", anyhow::Error::from(error));
    assert!(text.contains("database.url_file"), "{text}");

    let mut file = tempfile::NamedTempFile::new().expect("a file");
    writeln!(file, "postgres://someone:hidden@host/base").expect("written");
    settings.database.url_file = Some(file.path().to_owned());
    let url = settings.database.url().expect("readable");
    assert_eq!(url.expose_secret(), "postgres://someone:hidden@host/base");
    assert!(!format!("{url:?}").contains("hidden"));
}
