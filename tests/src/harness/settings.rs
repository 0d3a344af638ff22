//! Settings of the services and of the journey, in the form in which `scripts/up` writes them.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use platform::access::{DEVELOPMENT_AUDIENCE, DEVELOPMENT_ISSUER};
use platform::testing::free_port;

use super::{Service, streams};
use crate::journey;

/// Where everything of one platform stands.
pub(super) struct Places {
    /// The platform's folder.
    pub(super) folder: PathBuf,
    /// Where gRPC is served, in the order of [`Service::ALL`].
    grpc: [SocketAddr; 5],
    /// Where the public page is served.
    page: SocketAddr,
    /// Prefix of the databases' names.
    pub(super) prefix: String,
    /// The collector of traces, if there is one.
    pub(super) traces: Option<String>,
}

/// Whoever waits for an answer asks again and again, all from one address.
const WIDE_LIMITS: &str = "\
address = { soft = 1_000_000, hard = 1_000_000, per_minute = 1_000_000 }
network = { soft = 1_000_000, hard = 1_000_000, per_minute = 1_000_000 }
target = { soft = 1_000_000, hard = 1_000_000, per_minute = 1_000_000 }
range = { soft = 1_000_000, hard = 1_000_000, per_minute = 1_000_000 }
";

impl Places {
    /// Places in a folder, on ports of their own.
    pub(super) fn in_folder(folder: PathBuf, prefix: String, traces: Option<String>) -> Self {
        Self {
            folder,
            grpc: Service::ALL.map(|_| local()),
            page: local(),
            prefix,
            traces,
        }
    }

    /// Address of a service.
    pub(super) fn address(&self, service: Service) -> String {
        format!("http://{}", self.grpc[service as usize])
    }

    /// Address of the public page.
    pub(super) fn page(&self) -> String {
        format!("http://{}/", self.page)
    }

    /// Folder of the secrets.
    pub(super) fn secrets(&self) -> PathBuf {
        self.folder.join("secrets")
    }

    /// The file with the business time.
    pub(super) fn clock(&self) -> PathBuf {
        self.folder.join("clock/business_time")
    }

    /// The settings file of a service.
    pub(super) fn settings_file(&self, service: Service) -> PathBuf {
        self.folder
            .join("config")
            .join(format!("{}.toml", service.name()))
    }

    /// What the journey is told.
    pub(super) fn journey(&self) -> journey::Config {
        journey::Config {
            access: journey::Access {
                issuer_directory: self.secrets().join("dev-issuer"),
                issuer: DEVELOPMENT_ISSUER.to_owned(),
                audience: DEVELOPMENT_AUDIENCE.to_owned(),
            },
            services: journey::Addresses {
                registry: self.address(Service::Registry),
                review: self.address(Service::Review),
                exam_scheduling: self.address(Service::ExamScheduling),
                results: self.address(Service::Results),
                certificate_query: self.address(Service::CertificateQuery),
            },
            http: journey::Http { page: self.page() },
            clock: journey::Clock {
                business_time_file: self.clock(),
            },
            papers: journey::Papers {
                directory: self.folder.join("papers"),
            },
        }
    }

    /// The settings of a service.
    pub(super) fn settings(&self, service: Service, broker: &str) -> String {
        let name = service.name();
        let database = super::databases::name(&self.prefix, service);
        let secrets = self.secrets();
        let platform = format!(
            r#"[service]
mode = "test"

[server]
listen = "{listen}"

[database]
url_file = "{secrets}/{database}_runtime.url"
owner_url_file = "{secrets}/{database}_owner.url"

[nats]
url = ["{broker}"]
replicas = 1

[clock]
business_time_file = "{clock}"

[access]
jwks_file = "{secrets}/dev-issuer/jwks.json"
issuer = "{DEVELOPMENT_ISSUER}"
audience = "{DEVELOPMENT_AUDIENCE}"
service_token_file = "{secrets}/tokens/{name}.jwt"

[keys]
directory = "{secrets}/keys/{name}"

[telemetry]
otlp_endpoint = "{traces}"
# As much as anybody may ever switch on: what must not be in a log must not be in this one.
log = "debug"
"#,
            listen = self.grpc[service as usize],
            secrets = secrets.display(),
            clock = self.clock().display(),
            traces = self.traces.as_deref().unwrap_or_default(),
        );
        platform + &self.neighbours() + &self.own_sections(service)
    }

    fn neighbours(&self) -> String {
        let line = |service: &Service| {
            let (name, address) = (service.identifier(), self.address(*service));
            format!("{name} = [\"{address}\"]\n")
        };
        let lines: String = streams::OWNERS.iter().map(line).collect();
        format!("\n[neighbours]\n{lines}")
    }

    /// What only this service has.
    fn own_sections(&self, service: Service) -> String {
        let materials = self.materials().display().to_string();
        match service {
            Service::Review => format!("\n[materials]\ndirectory = \"{materials}\"\n"),
            Service::Results => format!("\n[printing]\npublic_query = \"{}\"\n", self.page()),
            Service::CertificateQuery => {
                let page = &self.page;
                format!("\n[http]\nlisten = \"{page}\"\n\n[limits]\n{WIDE_LIMITS}")
            }
            _ => String::new(),
        }
    }

    /// Folder of the materials handed in.
    fn materials(&self) -> PathBuf {
        self.folder.join("materials")
    }

    /// Folder of the logs.
    pub(super) fn logs(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// Makes the folders.
    pub(super) fn make_folders(&self) -> std::io::Result<()> {
        let clock = self.clock();
        let clock = clock.parent().unwrap_or(&self.folder);
        for folder in [
            &self.logs(),
            &self.materials(),
            &self.folder.join("config"),
            clock,
        ] {
            std::fs::create_dir_all(folder as &Path)?;
        }
        Ok(())
    }
}

fn local() -> SocketAddr {
    (Ipv4Addr::LOCALHOST, free_port()).into()
}
