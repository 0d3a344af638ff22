//! The five services by name.

/// One of the five services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the design says what each of them is")]
pub enum Service {
    Registry,
    Review,
    ExamScheduling,
    Results,
    CertificateQuery,
}

impl Service {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Registry,
        Self::Review,
        Self::ExamScheduling,
        Self::Results,
        Self::CertificateQuery,
    ];

    /// Its name: package, binary, and what it calls itself in logs, traces and tokens.
    pub fn name(self) -> &'static str {
        match self {
            Self::Registry => "registry",
            Self::Review => "review",
            Self::ExamScheduling => "exam-scheduling",
            Self::Results => "results",
            Self::CertificateQuery => "certificate-query",
        }
    }

    /// Its name where `-` cannot stand: in SQL and in settings.
    pub fn identifier(self) -> String {
        self.name().replace('-', "_")
    }

    /// The services that serve the contract's package. Each owner of facts has a feed of its own.
    pub fn serving(package: &str) -> &'static [Self] {
        match package {
            "luban.common.v1" => &[
                Self::Registry,
                Self::Review,
                Self::ExamScheduling,
                Self::Results,
            ],
            "luban.registry.v1" => &[Self::Registry],
            "luban.review.v1" => &[Self::Review],
            "luban.exam.v1" => &[Self::ExamScheduling],
            "luban.results.v1" => &[Self::Results],
            "luban.certificate.v1" => &[Self::CertificateQuery],
            _ => &[],
        }
    }
}
