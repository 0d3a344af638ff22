//! Why what a body has to evaluate with is not enough (notice 1.3 and 1.4).

kernel::rejections! {
    /// What an applicant lacks on the day of handing in.
    pub enum ResourceRejection {
        /// Nobody leads the work.
        ManagerMissing => "MANAGER_MISSING", FailedPrecondition, "notice 1.3",
            "没有在岗的专职管理人员", "there is no full-time manager on post";
        /// Too few to do it.
        StaffTooFew { least: u16, given: u32 } => "FULL_TIME_STAFF_TOO_FEW", FailedPrecondition, "notice 1.3",
            "在岗专职工作人员应不少于 {least} 人，现有 {given} 人", "at least {least} full-time staff are on post; there are {given}";
        /// Too few to examine a level of an occupation.
        ExaminersTooFew { level_zh: &'static str, level_en: &'static str, least: u16, given: u32 } => "EXAMINERS_TOO_FEW", FailedPrecondition, "notice 1.3 and 3.1",
            "该职业{level_zh}持有效资质证的考评员应不少于 {least} 人，现有 {given} 人",
            "at least {least} examiners with a valid card examine this occupation at this level ({level_en}); there are {given}";
        /// Nobody watches over the written exam.
        InvigilatorMissing => "INVIGILATOR_MISSING", FailedPrecondition, "notice 1.3",
            "没有在岗的监考人员", "there is no invigilator on post";
        /// Nobody watches over the work.
        SupervisorMissing => "INTERNAL_SUPERVISOR_MISSING", FailedPrecondition, "notice 1.3 and 3.1",
            "没有持有效资质证的内部督导员", "there is no internal quality supervisor with a valid card";
        /// No team to ask.
        ExpertTeamTooSmall { least: u16, given: u32 } => "EXPERT_TEAM_TOO_SMALL", FailedPrecondition, "notice 1.3",
            "专家团队应不少于 {least} 人，现有 {given} 人", "the expert team has at least {least} members; there are {given}";
        /// Nowhere to examine.
        SiteMissing => "SITE_NOT_IN_AREA", FailedPrecondition, "notice 1.4 and 3.4",
            "在申报地没有在用的考点", "there is no site in use in the area where the application is filed";
        /// No room for the written exam.
        TheoryRoomMissing => "THEORY_ROOM_MISSING", FailedPrecondition, "notice 1.4",
            "在申报地没有标准化理论考场", "there is no theory room in the area where the application is filed";
        /// The theory room is not connected.
        NetworkMissing => "THEORY_ROOM_WITHOUT_NETWORK", FailedPrecondition, "notice 1.4",
            "理论考场没有考试网络", "the theory room has no network";
        /// The theory room has nothing to write on.
        MachinesMissing => "THEORY_ROOM_WITHOUT_MACHINES", FailedPrecondition, "notice 1.4",
            "理论考场没有考试机", "the theory room has no exam machines";
        /// Anybody could sit there.
        IdentityCheckMissing => "THEORY_ROOM_WITHOUT_IDENTITY_CHECK", FailedPrecondition, "notice 1.4",
            "理论考场没有身份识别设备", "the theory room has no identity check";
        /// Anybody could help from outside.
        SignalShieldingMissing => "THEORY_ROOM_WITHOUT_SIGNAL_SHIELDING", FailedPrecondition, "notice 1.4",
            "理论考场没有信号屏蔽设备", "the theory room has no signal shielding";
        /// Nobody could listen afterwards.
        AudioMonitoringMissing => "THEORY_ROOM_WITHOUT_AUDIO", FailedPrecondition, "notice 1.4",
            "理论考场没有音频监控设备", "the theory room has no audio monitoring";
        /// Nobody could look afterwards.
        VideoMonitoringMissing => "THEORY_ROOM_WITHOUT_VIDEO", FailedPrecondition, "notice 1.4",
            "理论考场没有视频监控设备", "the theory room has no video monitoring";
        /// No room for the practical exam.
        SkillRoomMissing => "SKILL_ROOM_MISSING", FailedPrecondition, "notice 1.4",
            "在申报地没有可考核该职业的技能操作考场", "no skill room in the area where the application is filed is one for this occupation";
    }
}
