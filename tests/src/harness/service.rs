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

/// The services that hold public notices.
const SHOWING: [Service; 2] = [Service::Review, Service::Results];

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

    /// Who serves a service of the contract, by its full name. Of the common ones each owner of
    /// records serves its own.
    pub fn serving(service: &str) -> &'static [Self] {
        let package = service.rsplit_once('.').map_or("", |(package, _)| package);
        match package {
            // Where something is shown to the public, and somebody can bring something forward.
            "luban.common.v1" if service.ends_with(".PublicNoticeService") => &SHOWING,
            "luban.common.v1" if service.ends_with(".InquiryService") => &SHOWING,
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
