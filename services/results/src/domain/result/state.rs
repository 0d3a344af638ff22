//! Where a result stands.

use crate::domain::words::words;

words! {
    /// Where a result stands.
    pub enum ResultState {
        /// Scores are being recorded.
        Scoring = "scoring",
        /// A part below the pass mark, absent or void.
        NotPassed = "not_passed",
        /// Shown to the public.
        InPublicNotice = "in_public_notice",
        /// The notice is over; waits for the upload.
        NoticeConcluded = "notice_concluded",
        /// Waits for the city.
        InCityReview = "in_city_review",
        /// Waits for the province.
        InProvinceReview = "in_province_review",
        /// The city gave it back.
        ReturnedByCity = "returned_by_city",
        /// The province gave it back.
        ReturnedByProvince = "returned_by_province",
        /// Waits for the certificate.
        Approved = "approved",
        /// Has its certificate.
        Certified = "certified",
        /// Taken out by an objection.
        ObjectionUpheld = "objection_upheld",
    }
}

impl ResultState {
    /// Whether scores may still be changed: scored, and neither reviewed nor certified.
    pub fn takes_changes(self) -> bool {
        matches!(
            self,
            Self::NotPassed
                | Self::InPublicNotice
                | Self::NoticeConcluded
                | Self::ObjectionUpheld
                | Self::ReturnedByCity
                | Self::ReturnedByProvince
        )
    }
}
