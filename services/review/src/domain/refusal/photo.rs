//! Why a photo of a site is not taken.

kernel::rejections! {
    /// Why a photo of a site is not taken.
    pub enum PhotoRejection {
        /// No such photo, none that the caller may see, or none that waits for a visit.
        NotFound => "SITE_PHOTO_NOT_FOUND", NotFound, "platform",
            "未找到该考察照片，或该照片已归入其他考察记录", "there is no such photo of the site, or another visit has it";
        /// A photo is shown once.
        Twice => "SITE_PHOTO_TWICE", InvalidArgument, "platform",
            "同一照片重复列出", "the same photo is there twice";
        /// More than anybody looks at.
        TooMany { limit: usize } => "SITE_PHOTOS_TOO_MANY", FailedPrecondition, "platform",
            "待归入考察记录的照片不得超过 {limit} 张", "at most {limit} photos wait for a visit to name them";
        /// Only pictures are photos.
        NoPicture => "SITE_PHOTO_TYPE", InvalidArgument, "platform",
            "照片只接受 JPEG 和 PNG 格式", "a photo is a JPEG or PNG file";
        /// It begins like a picture and goes on like none.
        Malformed => "SITE_PHOTO_MALFORMED", InvalidArgument, "platform",
            "照片文件已损坏或不完整", "the picture is damaged or not complete";
    }
}
