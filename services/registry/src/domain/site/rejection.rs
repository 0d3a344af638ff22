//! Every refusal about sites and rooms.

use kernel::rejections;

rejections! {
    /// Why a site is not registered, changed or found.
    pub enum SiteRejection {
        /// No such site, or not the caller's to see.
        SiteNotFound => "SITE_NOT_FOUND", NotFound, "platform",
            "未找到该考点", "no such site";
        /// Plans name sites by their names.
        SiteNameTaken => "SITE_NAME_TAKEN", AlreadyExists, "notice 1.4",
            "本机构已有同名考点", "the organisation has a site of this name";
        /// Closed for good.
        SiteClosed => "SITE_CLOSED", FailedPrecondition, "platform",
            "该考点已停用", "the site is closed";
        /// Somebody else was faster.
        SiteChanged => "SITE_CHANGED", Aborted, "platform",
            "考点信息已被他人修改，请刷新后重试", "the site was changed in between, please read it again";
        /// In the province.
        SiteDivisionUnknown => "SITE_DIVISION_UNKNOWN", InvalidArgument, "notice 1.1",
            "考点应位于山东省现行设区的市或其区县", "a site lies in a current city of Shandong or in one of its districts";
        /// Owned or leased.
        TenureUnknown => "SITE_TENURE_UNKNOWN", InvalidArgument, "annex 1, note 3",
            "场地权属应为自有或租赁", "a site is owned or leased";
        /// A lease has an end.
        LeaseMissing => "SITE_LEASE_MISSING", InvalidArgument, "annex 1, note 3",
            "租赁场地应填写租赁到期日", "a leased site has the last day of its lease";
        /// What is owned has none.
        LeaseOfOwned => "SITE_LEASE_OF_OWNED", InvalidArgument, "annex 1, note 3",
            "自有场地没有租赁到期日", "an owned site has no lease";
        /// Over already.
        LeaseOver => "SITE_LEASE_OVER", InvalidArgument, "annex 1, note 3",
            "租赁已到期", "the lease is over already";
    }
}

rejections! {
    /// Why a room cannot be as it is described, or is not found.
    pub enum RoomRejection {
        /// No such room, or not the caller's to see.
        RoomNotFound => "ROOM_NOT_FOUND", NotFound, "platform",
            "未找到该考场", "no such room";
        /// Closed for good.
        RoomClosed => "ROOM_CLOSED", FailedPrecondition, "platform",
            "该考场已停用", "the room is closed";
        /// A site is nothing without rooms.
        RoomsMissing => "ROOMS_MISSING", InvalidArgument, "notice 1.4",
            "至少填写一个考场", "at least one room is required";
        /// The list has an end.
        TooManyRooms { limit: usize } => "ROOMS_TOO_MANY", InvalidArgument, "platform",
            "一个考点最多 {limit} 个考场", "a site has at most {limit} rooms";
        /// Plans name rooms by their names.
        RoomNameTwice => "ROOM_NAME_TWICE", InvalidArgument, "notice 1.4",
            "该考点已有同名考场", "the site has a room of this name";
        /// Theory, skill or review.
        RoomKindUnknown => "ROOM_KIND_UNKNOWN", InvalidArgument, "notice 1.4",
            "考场类别应为理论、技能操作或综合评审", "a room is for theory, skill or review";
        /// A room for nobody, or for more than any room holds.
        SeatsOutOfRange { limit: u32 } => "ROOM_SEATS_OUT_OF_RANGE", InvalidArgument, "notice 1.4",
            "考位数应为 1 至 {limit}", "a room has 1 to {limit} seats";
        /// More than any room holds.
        MachinesOutOfRange { limit: u32 } => "ROOM_MACHINES_OUT_OF_RANGE", InvalidArgument, "notice 1.4",
            "考试机最多 {limit} 台", "a room has at most {limit} machines";
        /// What is examined there decides what it needs.
        OccupationsMissing => "ROOM_OCCUPATIONS_MISSING", InvalidArgument, "notice 1.4",
            "技能操作考场应填写适用的职业", "a skill room names the occupations it is for";
        /// Theory is the same for all.
        OccupationsOfSkillAlone => "ROOM_OCCUPATIONS_OF_SKILL_ALONE", InvalidArgument, "notice 1.4",
            "只有技能操作考场填写适用的职业", "only a skill room names occupations";
        /// The list has an end.
        TooManyOccupations { limit: usize } => "ROOM_OCCUPATIONS_TOO_MANY", InvalidArgument, "platform",
            "最多填写 {limit} 个职业", "a room has at most {limit} occupations";
        /// Not in the catalogue.
        OccupationUnknown => "ROOM_OCCUPATION_UNKNOWN", InvalidArgument, "notice 2",
            "职业分类大典中没有该职业", "the catalogue has no such occupation";
        /// Once is enough.
        OccupationTwice => "ROOM_OCCUPATION_TWICE", InvalidArgument, "platform",
            "该职业重复", "the occupation is named twice";
    }
}
