//! Who goes on a site visit (现场考察, notice 3.4): people of the pools of the centre that visits or
//! of the province's, as they stood on the day of the visit, who have nothing to do with the
//! applicant (回避).

use kernel::rejection::FaultList;
use kernel::typed::normalise_hyphenated as normalise;

use super::refusal::SelectionRejection;
use super::{Application, Context, PoolMember, SiteVisit};

/// Whom a centre could send on the day of a visit; nobody where nobody was asked about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delegation(pub Vec<PoolMember>);

impl Delegation {
    /// Notes each visitor who was not in a pool on the day of the visit, or has something to do
    /// with the applicant.
    pub(super) fn judge(
        &self,
        visit: &SiteVisit,
        application: &Application,
        context: &Context<'_>,
        faults: &mut FaultList,
    ) {
        let (organization, code) = (application.organization, application.credit_code());
        let years = context.pilot.conflict_years;
        for (index, typed) in visit.visitor_numbers.iter().enumerate() {
            let field = format!("visitor_numbers[{index}]");
            let Some(visitor) = self.find(typed) else {
                faults.add(field, &SelectionRejection::VisitorUnknown);
                continue;
            };
            let conflict = visitor.conflict_with(organization, code, visit.visited_on, years);
            if let Some(ground) = conflict {
                let (chinese, english) = (ground.chinese(), ground.english());
                let conflicted = SelectionRejection::VisitorConflicted { chinese, english };
                faults.add(field, &conflicted);
            }
        }
    }

    fn find(&self, typed: &str) -> Option<&PoolMember> {
        let number = normalise(typed);
        let mut pool = self.0.iter();
        pool.find(|member| normalise(&member.number) == number)
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use kernel::ids::OrganizationId;
    use uuid::Uuid;

    use super::super::Tie;
    use super::super::samples::{DAY, delegation, on, submitted, visit};
    use super::*;

    fn told(delegation: &Delegation) -> Vec<(String, &'static str)> {
        let mut faults = FaultList::default();
        delegation.judge(&visit(), &submitted(), &on(DAY), &mut faults);
        let faults = faults.finish().err();
        let faults = faults.iter().flat_map(kernel::rejection::Faults::all);
        faults
            .map(|fault| (fault.field.clone().unwrap_or_default(), fault.code))
            .collect()
    }

    #[test]
    fn a_visitor_is_of_a_pool_however_the_number_is_typed() {
        assert_eq!(told(&delegation()), []);
        let mut typed = delegation();
        typed.0[0].number = "ｖ 1".to_owned();
        assert_eq!(told(&typed), []);
        typed.0.pop();
        let second = "visitor_numbers[1]".to_owned();
        assert_eq!(told(&typed), [(second, "VISITOR_UNKNOWN")]);
        let nobody = told(&Delegation::default());
        assert_eq!(nobody.len(), 2, "no answer is never a yes: {nobody:?}");
    }

    #[test]
    fn a_visitor_has_nothing_to_do_with_the_applicant() {
        let application = submitted();
        let conflicted = |change: &dyn Fn(&mut PoolMember)| {
            let mut delegation = delegation();
            change(&mut delegation.0[0]);
            told(&delegation)
        };
        let first = vec![("visitor_numbers[0]".to_owned(), "VISITOR_CONFLICT")];
        let employer = application.credit_code().to_owned();
        let employed = |member: &mut PoolMember| member.employer_credit_code.clone_from(&employer);
        assert_eq!(conflicted(&employed), first);
        let tied = |organization, until| {
            move |member: &mut PoolMember| {
                member.ties.push(Tie {
                    organization,
                    until,
                });
            }
        };
        let applicant = application.organization;
        assert_eq!(conflicted(&tied(applicant, None)), first);
        let recent = Some(DAY - 3.years());
        assert_eq!(conflicted(&tied(applicant, recent)), first);
        let long_ago = Some(DAY - 3.years() - 1.day());
        assert_eq!(conflicted(&tied(applicant, long_ago)), []);
        let other = OrganizationId::from_uuid(Uuid::from_u128(77));
        assert_eq!(conflicted(&tied(other, None)), []);
    }
}
