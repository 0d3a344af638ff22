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

    /// Those that serve a service of the contract, by its full name. Some of the common package are
    /// served by each owner of what they are about.
    pub fn serving(service: &str) -> &'static [Self] {
        const FACTS: &[Service] = &[
            Service::Registry,
            Service::Review,
            Service::ExamScheduling,
            Service::Results,
        ];
        const NOTICES: &[Service] = &[Service::Review, Service::Results];
        match service.rsplit_once('.') {
            Some(("luban.common.v1", "FactFeedService")) => FACTS,
            Some(("luban.common.v1", "InquiryService" | "PublicNoticeService")) => NOTICES,
            Some(("luban.registry.v1", _)) => &[Self::Registry],
            Some(("luban.review.v1", _)) => &[Self::Review],
            Some(("luban.exam.v1", _)) => &[Self::ExamScheduling],
            Some(("luban.results.v1", _)) => &[Self::Results],
            Some(("luban.certificate.v1", _)) => &[Self::CertificateQuery],
            _ => &[],
        }
    }
}
