//! What a centre issues and keeps about an applicant: receipts, and records of assessments.

use documents::{
    AssessmentRecord, DocumentCheck, FilingReceipt, Finding, Opinion, Panel, ReceiptScope,
    SitePhoto, Visit,
};
use jiff::civil::Date;

use super::{kind, levels, named};
use crate::app::Assessments;
use crate::domain::panel::{self, PanelState, PanelTexts, text_about};
use crate::domain::{Application, DocumentCheckItem, Particulars, Photo, SiteFinding, SiteVisit};
use crate::store::judgement::ReasonedJudgement;
use crate::store::receipt::Receipt;

/// The receipt of a filed application for an area, which the public was shown by its name.
pub(crate) fn filing_receipt(
    application: &Application,
    receipt: &Receipt,
    area: &str,
    authority: &str,
) -> FilingReceipt {
    let granted = application.selection.iter().flat_map(|it| &it.granted);
    let scopes = granted.map(|scope| ReceiptScope {
        name: named(application, scope),
        code: scope.occupation.code.to_string(),
        levels: levels(&scope.levels),
    });
    FilingReceipt {
        receipt_number: receipt.id.to_string(),
        organization_name: application.name().to_owned(),
        credit_code: application.credit_code().to_owned(),
        organization_kind: kind(application),
        organization_code: receipt.organization_code.to_string(),
        area: area.to_owned(),
        scopes: scopes.collect(),
        authority: authority.to_owned(),
        issued_on: receipt.issued_on.to_string(),
    }
}

/// All that was assessed of an application, with what officers judged.
pub(crate) fn assessment_record(
    assessed: Assessments,
    judgements: &[ReasonedJudgement],
    authority: &str,
) -> AssessmentRecord {
    let as_of = newest(&assessed, judgements);
    let Assessments {
        application,
        recorded,
        panels,
        ..
    } = assessed;
    let mut record = AssessmentRecord {
        application: application.id.to_string(),
        organization_name: application.name().to_owned(),
        organization_kind: kind(&application),
        authority: authority.to_owned(),
        submitted_on: text(application.submitted_on),
        documents: Vec::new(),
        panels: Vec::new(),
        visits: Vec::new(),
        judgements: judgements.iter().map(judged).collect(),
        as_of: text(as_of),
    };
    // Each panel that closed was recorded as an assessment, one after the other.
    let mut closed = panels
        .iter()
        .filter(|(panel, _)| panel.state == PanelState::Closed);
    for assessed in recorded {
        let counts = application.assessments.counts(assessed.id);
        let (on, passed) = (assessed.recorded_on, assessed.particulars.passed());
        match assessed.particulars {
            Particulars::DocumentCheck(items) => record.documents.push(DocumentCheck {
                on: on.to_string(),
                passed,
                counts,
                items: items.into_iter().map(checked).collect(),
            }),
            Particulars::ExpertPanel(_) => {
                let sat = closed
                    .next()
                    .map(|(panel, texts)| sat(panel, texts, passed, counts));
                record.panels.extend(sat);
            }
            Particulars::SiteVisit(it) => record.visits.push(visit(it, counts)),
        }
    }
    record
}

/// The day of the newest entry.
fn newest(assessed: &Assessments, judgements: &[ReasonedJudgement]) -> Option<Date> {
    let recorded = assessed.recorded.iter().map(|it| it.recorded_on);
    let judged = judgements.iter().map(|it| it.recorded_on);
    let all = recorded
        .chain(judged)
        .chain(assessed.application.submitted_on);
    all.max()
}

fn text(day: Option<Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

fn judged(reasoned: &ReasonedJudgement) -> Finding {
    Finding {
        subject: reasoned.subject.chinese().to_owned(),
        in_order: reasoned.judgement.met,
        remark: reasoned.reason.clone(),
    }
}

fn checked(item: DocumentCheckItem) -> Finding {
    let document = item.document.map(|document| document.chinese().to_owned());
    let subject = Some(item.subject).filter(|subject| !subject.is_empty());
    let named: Vec<_> = document.into_iter().chain(subject).collect();
    Finding {
        subject: named.join("："),
        in_order: item.in_order,
        remark: item.remark,
    }
}

fn sat(panel: &panel::Panel, texts: &PanelTexts, passed: bool, counts: bool) -> Panel {
    let opinions = panel.members.iter().filter_map(|member| {
        let voice = member.voice?;
        let number = &member.expert.number;
        Some(Opinion {
            expert: number.clone(),
            in_favour: voice.in_favour,
            opinion: text_about(&texts.opinions, number).to_owned(),
        })
    });
    let seed = panel.draw.and_then(|draw| draw.seed);
    let candidates = panel.candidates.len();
    let convened = match seed {
        Some(_) => format!("专家从 {candidates} 人中随机抽取。"),
        None => format!("专家从 {candidates} 人中指定。"),
    };
    Panel {
        on: text(panel.ended_on),
        passed,
        counts,
        convened,
        seed: seed.map(|seed| seed.to_string()).unwrap_or_default(),
        opinions: opinions.collect(),
    }
}

fn photo(photo: &Photo) -> SitePhoto {
    SitePhoto {
        subject: photo.item.chinese().to_owned(),
        sha256: photo.sha256.to_string(),
    }
}

fn visit(visit: SiteVisit, counts: bool) -> Visit {
    let found = |finding: SiteFinding| Finding {
        subject: finding.item.chinese().to_owned(),
        in_order: finding.in_order,
        remark: finding.finding,
    };
    Visit {
        on: visit.visited_on.to_string(),
        passed: visit.passed,
        counts,
        visitors: visit.visitor_numbers,
        findings: visit.items.into_iter().map(found).collect(),
        conclusion: visit.findings,
        photos: visit.photos.iter().map(photo).collect(),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::AssessmentId;
    use crate::domain::samples::{DAY, check, record, submitted, visit};
    use crate::store::assessment::Assessed;

    #[test]
    fn a_record_tells_all_that_was_assessed_and_what_of_it_counts() {
        let mut application = submitted();
        let visited = Particulars::SiteVisit(visit());
        let all = [check(&[false]), visited, check(&[true])];
        let mut recorded = Vec::new();
        for (number, particulars) in (1..).zip(all) {
            record(&mut application, number, &particulars).expect("under assessment");
            recorded.push(Assessed {
                id: AssessmentId::from_uuid(Uuid::from_u128(number)),
                recorded_on: DAY,
                particulars,
            });
        }
        let assessed = Assessments {
            application,
            recorded,
            panels: Vec::new(),
            waiting_photos: Vec::new(),
        };
        let sheet = assessment_record(assessed, &[], "威海市职业技能鉴定中心");
        let checks: Vec<_> = sheet
            .documents
            .iter()
            .map(|it| (it.passed, it.counts))
            .collect();
        assert_eq!(checks, [(false, false), (true, true)]);
        assert!(sheet.visits[0].counts);
        assert_eq!(sheet.visits[0].findings[0].subject, "标准化理论考场");
        assert_eq!(
            sheet.documents[0].items[0].subject,
            "基本情况表签字盖章扫描件"
        );
        assert!(sheet.panels.is_empty() && sheet.judgements.is_empty());
        assert_eq!(sheet.as_of, DAY.to_string());
    }
}
