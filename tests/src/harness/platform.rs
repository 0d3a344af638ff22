//! Starting, killing and restarting the platform.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use jiff::civil::DateTime;
use platform::bus::Bus;

use super::broker::Broker;
use super::keeper::Keeper;
use super::postgres::Postgres;
use super::program::{Program, binary};
use super::records::Records;
use super::settings::Places;
use super::{Service, databases};
use crate::journey;

/// The morning on which the notice's first round opens.
const FIRST_MORNING: &str = "2020-05-18T08:30:00";
const PATIENCE: Duration = Duration::from_mins(1);

/// What kind of platform is wanted.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// With a PostgreSQL server of its own, which may then be killed; else that of `DATABASE_URL`.
    pub own_postgres: bool,
    /// Address of a collector for traces.
    pub traces: Option<String>,
}

/// Five services, a broker and their databases. Everything ends when it is dropped.
pub struct Platform {
    // Dropped in this order: services, what they use, the keeper with the folder.
    services: [Program; 5],
    broker: Broker,
    postgres: Postgres,
    places: Places,
    _keeper: Keeper,
}

impl Platform {
    /// Starts a platform on which nothing has happened yet, and waits until all of it serves.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("luban-").tempdir()?.keep();
        let keeper = Keeper::of(&folder)?;
        let prefix = format!("luban_it_{}", hex::encode(rand::random::<[u8; 8]>()));
        let places = Places::in_folder(folder, prefix, options.traces);
        places.make_folders()?;

        let broker = Broker::start(&places.folder)?;
        let postgres = if options.own_postgres {
            Postgres::start(&places.folder).await?
        } else {
            Postgres::given()?
        };
        let services = prepare(&places, &postgres, &broker.url()).await?;
        let mut platform = Self {
            services,
            broker,
            postgres,
            places,
            _keeper: keeper,
        };
        for program in &mut platform.services {
            program.start()?;
        }
        for service in Service::ALL {
            platform.await_healthy(service).await?;
        }
        Ok(platform)
    }

    /// Ends a service as a power cut would.
    pub fn kill(&mut self, service: Service) {
        self.services[service as usize].kill();
    }

    /// Starts a service that was killed, without waiting for it.
    pub fn restart(&mut self, service: Service) -> anyhow::Result<()> {
        self.services[service as usize].start()
    }

    /// Whether the process of a service is there.
    pub fn runs(&mut self, service: Service) -> bool {
        self.services[service as usize].runs()
    }

    /// Waits until a service says that it serves.
    pub async fn await_healthy(&mut self, service: Service) -> anyhow::Result<()> {
        let began = Instant::now();
        while !healthy(&self.places, service).await? {
            let program = &mut self.services[service as usize];
            if !program.runs() || began.elapsed() > PATIENCE {
                bail!(
                    "{} does not serve:\n{}",
                    service.name(),
                    program.last_words()
                );
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    /// A connection to the broker.
    pub async fn broker(&self) -> Bus {
        self.broker.bus().await
    }

    /// Ends the broker as a power cut would.
    pub fn kill_broker(&mut self) {
        self.broker.kill();
    }

    /// Starts the broker that was killed on what it still has.
    pub fn restart_broker(&mut self) -> anyhow::Result<()> {
        self.broker.restart()
    }

    /// Ends the broker and takes away what it stored.
    pub fn wipe_broker(&mut self) {
        self.broker.lose_store();
    }

    /// Ends PostgreSQL as a power cut would. Only for a server of the platform's own.
    pub fn kill_postgres(&mut self) -> anyhow::Result<()> {
        self.postgres.kill()
    }

    /// Starts the PostgreSQL that was killed, if it was, and waits until it has recovered.
    pub async fn restart_postgres(&mut self) -> anyhow::Result<()> {
        self.postgres.restart().await
    }

    /// Kills one session of PostgreSQL, which ends all the others and recovers by itself.
    pub async fn kill_postgres_session(&mut self, choice: usize) -> anyhow::Result<()> {
        self.postgres.kill_session(choice).await
    }

    /// Ends the session on which the relay of a service holds its lock, in the middle of its term.
    pub async fn end_relay(&mut self, service: Service) -> anyhow::Result<()> {
        let database = databases::name(&self.places.prefix, service);
        self.postgres.end_relay(&database).await
    }

    /// Address of a service.
    pub fn address(&self, service: Service) -> String {
        self.places.address(service)
    }

    /// Address of the public page, with a slash at its end.
    pub fn page(&self) -> String {
        self.places.page()
    }

    /// Folder of the development issuer, whose tokens count here.
    pub fn issuer(&self) -> PathBuf {
        self.places.secrets().join("dev-issuer")
    }

    /// Moves the business clock to a time.
    pub fn set_clock(&self, to: DateTime) -> std::io::Result<()> {
        let next = self.places.clock().with_extension("next");
        std::fs::write(&next, to.to_string())?;
        std::fs::rename(&next, self.places.clock())
    }

    /// What a journey is told.
    pub fn journey_config(&self) -> journey::Config {
        self.places.journey()
    }

    /// Folder in which journeys keep what the next one needs.
    pub fn journey_state(&self) -> PathBuf {
        self.places.folder.join("journey")
    }

    /// The tables of a service, as the superuser sees them.
    pub fn records(&self, service: Service) -> Records {
        let database = databases::name(&self.places.prefix, service);
        Records::of(service, self.postgres.superuser.clone().database(&database))
    }

    /// Every row of every table of every service.
    pub async fn dump(&self) -> sqlx::Result<BTreeMap<String, Vec<String>>> {
        let mut dump = BTreeMap::new();
        for service in Service::ALL {
            dump.extend(self.records(service).dump().await?);
        }
        Ok(dump)
    }

    /// Folder with a log file for each program.
    pub fn logs(&self) -> PathBuf {
        self.places.logs()
    }
}

/// Secrets, settings, databases and their tables: all that is there before a service starts.
async fn prepare(
    places: &Places,
    postgres: &Postgres,
    broker: &str,
) -> anyhow::Result<[Program; 5]> {
    let secrets = places.secrets();
    std::fs::write(places.clock(), FIRST_MORNING)?;
    let words = ["init", "--secrets"].map(str::to_owned);
    let words = [
        vec![text(&binary("luban-dev")?)],
        words.into(),
        vec![text(&secrets)],
    ]
    .concat();
    Program::new(&places.folder, "luban-dev", words).run()?;
    for service in Service::ALL {
        let settings = places.settings(service, broker);
        std::fs::write(places.settings_file(service), settings)?;
        let database = databases::name(&places.prefix, service);
        databases::create(&postgres.superuser, &database, &secrets).await?;
        program(places, service, "migrate")?.run()?;
    }
    let serving = Service::ALL.map(|service| program(places, service, "serve"));
    serving
        .into_iter()
        .collect::<anyhow::Result<Vec<_>>>()?
        .try_into()
        .ok()
        .context("five")
}

fn program(places: &Places, service: Service, task: &str) -> anyhow::Result<Program> {
    let (binary, file) = (binary(service.name())?, places.settings_file(service));
    let words = vec![
        text(&binary),
        task.to_owned(),
        "--config".to_owned(),
        text(&file),
    ];
    // Spans are sent soon, so that tests need not wait, and none is dropped.
    let telemetry = [
        ("OTEL_BSP_SCHEDULE_DELAY", "200"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "65536"),
    ];
    let telemetry = telemetry.map(|(name, value)| (name, value.to_owned()));
    Ok(Program::new(&places.folder, service.name(), words).with(telemetry.into()))
}

async fn healthy(places: &Places, service: Service) -> anyhow::Result<bool> {
    let check = tokio::process::Command::new(binary(service.name())?)
        .arg("healthcheck")
        .arg("--config")
        .arg(places.settings_file(service))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    Ok(check.await?.success())
}

fn text(path: &std::path::Path) -> String {
    path.display().to_string()
}
