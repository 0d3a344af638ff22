"""What an applicant hands in: a technician college that does not exist, with everybody it has."""

import datetime
import secrets

import client
import synthetic

client.generate()
from luban.common.v1 import occupation_pb2  # noqa: E402
from luban.registry.v1 import body_pb2, people_pb2, qualification_pb2, site_pb2  # noqa: E402
from luban.review.v1 import application_pb2  # noqa: E402

ELECTRICIAN = occupation_pb2.OccupationRef(edition=2015, code="6-31-01-03")
LEVELS = ["LEVEL_FIVE", "LEVEL_FOUR"]
SCOPE = occupation_pb2.OccupationScope(occupation=ELECTRICIAN, levels=LEVELS)
SEATS = 36
# A scan of some size, so that it takes many pieces.
FILE = synthetic.pdf("sample", 600_000)
CORRECTION = "（已按意见补充）"
# No two colleges may have the same people, cards or credit code.
SERIAL = secrets.randbelow(10_000)
BORN = datetime.date(1960, 1, 1) + datetime.timedelta(days=SERIAL)

# The six groups of materials (notice 3.1), as a college hands them in.
DOCUMENTS = [
    f"DOCUMENT_KIND_{name}"
    for name in (
        "SIGNED_BASIC_FORM",
        "WORK_PLAN",
        "LEGAL_PERSON_CERTIFICATE",
        "ON_POST_RECORD",
        "LETTER_OF_APPOINTMENT",
        "EXAMINER_CARDS",
        "SUPERVISOR_CARDS",
        "EXPERT_TEAM",
        "SITE_TENURE",
        "FACILITIES_AND_EQUIPMENT",
        "IDENTITY_AND_MONITORING",
        "INTEGRITY_PLEDGE",
    )
]

# What people do, how many do it, and the kind of card that they have.
DUTIES = (
    ("MANAGER", 1, None),
    ("STAFF", 1, None),
    ("EXPERT", 3, None),
    ("INVIGILATOR", 3, "INVIGILATOR"),
    ("EXAMINER", 7, "EXAMINER"),
    ("INTERNAL_SUPERVISOR", 1, "QUALITY_SUPERVISOR"),
)


def body(division, request_id):
    return body_pb2.EnrollBodyRequest(
        request_id=request_id,
        name=f"示例技师学院（示例{SERIAL}）",
        unified_social_credit_code=synthetic.credit_code("12", division, 70_000_000 + SERIAL),
        kind="BODY_KIND_TECHNICIAN_COLLEGE",
        affiliation="AFFILIATION_CITY",
        division_code=division,
        address="示例路1号",
        registration_authority="事业单位监督管理局（示例）",
    )


def people(organization, request_id):
    """Everybody, and the card of those who have one."""
    duties = [(role, card) for role, count, card in DUTIES for _ in range(count)]
    for number, (role, card) in enumerate(duties, start=1):
        engagement = people_pb2.Engagement(
            role=f"PERSON_ROLE_{role}",
            full_time=True,
            on_post_from="2019-09-01",
            proof="PROOF_OF_EMPLOYMENT_LETTER_OF_APPOINTMENT",
        )
        person = people_pb2.EnlistPersonRequest(
            request_id=request_id(),
            organization_id=organization,
            name=f"示例{'甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳'[number - 1]}",
            citizen_id=synthetic.citizen_id("371002", f"{BORN:%Y%m%d}", 300 + number),
            engagements=[engagement],
        )
        yield person, card and card_of(number, card, request_id())


def card_of(number, kind, request_id):
    examines = kind == "EXAMINER"
    return qualification_pb2.RecordCardRequest(
        request_id=request_id,
        number=f"PY{SERIAL:04}{number:02}",
        kind=f"CARD_KIND_{kind}",
        occupations=[ELECTRICIAN] if examines else [],
        levels=LEVELS if examines else [],
        valid_from="2020-01-01",
        valid_until="2026-12-31",
        issuer="省职业技能鉴定指导中心（示例）",
    )


def site(organization, division, request_id):
    def room(name, kind, **more):
        return site_pb2.RoomProfile(
            name=name,
            kind=kind,
            seats=SEATS,
            machines=SEATS,
            network=True,
            identity_check=True,
            signal_shielding=True,
            audio_monitoring=True,
            video_monitoring=True,
            **more,
        )

    return site_pb2.RegisterSiteRequest(
        request_id=request_id,
        organization_id=organization,
        name="示例考点",
        division_code=division,
        address="示例路1号",
        tenure="SITE_TENURE_OWNED",
        rooms=[
            room("机考一室", "ROOM_KIND_THEORY"),
            room(
                "电工实训场",
                "ROOM_KIND_SKILL",
                equipment="电工实训装置36套",
                occupations=[ELECTRICIAN],
            ),
        ],
    )


def basic_form():
    """Annex 1."""
    major = application_pb2.Major(
        name="电气自动化设备安装与维修",
        training_level="TRAINING_LEVEL_TECHNICIAN",
        occupations=[ELECTRICIAN],
    )
    occupation = application_pb2.AppliedOccupation(
        scope=SCOPE,
        basis="BASIS_KIND_NATIONAL_STANDARD",
        experience_years=8,
        persons_evaluated=2600,
    )
    return application_pb2.BasicForm(
        legal_representative="示例校长",
        registered_capital_yuan=30_000_000,
        contact_name="示例联系人",
        contact_position="技能评价处处长",
        contact_phone="0631-0000002",
        contact_email="sample@example.org",
        occupations=[occupation],
        strengths="开设电气自动化专业二十年。",
        site_and_equipment="理论机考考场与电工实训场各一，监控与屏蔽齐全。",
        staff="管理人员、考评员、督导员、专家齐备。",
        integrity_pledge=True,
        evaluation_department="技能评价处",
        school=application_pb2.SchoolConditions(majors=[major]),
    )


def work_plan(other=""):
    """Annex 2, all seven headings."""
    return application_pb2.WorkPlan(
        overall_plan="每年组织认定4批次。",
        organization_and_duties="设技能评价处，下设考务、质量管理、证书管理三岗。",
        occupations_and_basis="电工五级、四级，依据国家职业技能标准。",
        process_and_rules="报名审核、编制计划、考务组织、阅卷评分、公示、上传、发证。",
        content_and_method="理论知识考试机考，技能考核现场实操。",
        safeguards="经费、人员、场地、安全、应急处置与档案保障。",
        other=other,
    )
