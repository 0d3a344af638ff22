//! Fields of the annexes by their paths, as the contract names them.
//!
//! The contract itself is asked whether there is such a field and what it says, so that a field
//! that is added there can be given back without a line here.

use std::sync::LazyLock;

use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor, Value};
use proto::review::v1 as review;

use super::Annexes;

/// Where in a request the annexes are; nothing beside them is given back.
const ANNEXES: [&str; 2] = ["basic_form", "work_plan"];

/// The request that fills them in.
static FORM: LazyLock<MessageDescriptor> = LazyLock::new(|| {
    DescriptorPool::decode(proto::DESCRIPTOR_SET)
        .expect("the descriptors were compiled with this program")
        .get_message_by_name("luban.review.v1.SaveApplicationRequest")
        .expect("the contract has this request")
});

/// Both annexes with their fields by path.
pub(crate) struct Fields(DynamicMessage);

impl Annexes {
    /// Their fields by path.
    pub(crate) fn fields(self) -> Fields {
        let request = review::SaveApplicationRequest {
            basic_form: Some(self.basic_form),
            work_plan: Some(self.work_plan),
            ..review::SaveApplicationRequest::default()
        };
        let read = DynamicMessage::decode(FORM.clone(), request.encode_to_vec().as_slice());
        Fields(read.expect("the contract reads what it wrote"))
    }
}

impl Fields {
    /// What the field at a path says, if the annexes have one there.
    pub(crate) fn value_at(&self, path: &str) -> Option<Value> {
        let (annex, rest) = path.split_once('.')?;
        if !ANNEXES.contains(&annex) {
            return None;
        }
        let start = self.0.get_field_by_name(annex)?.into_owned();
        rest.split('.')
            .try_fold(start, |value, segment| step(&value, segment))
    }
}

/// From a message to one of its fields, or to one element of it: `name` or `name[3]`.
fn step(value: &Value, segment: &str) -> Option<Value> {
    let message = value.as_message()?;
    let Some((name, index)) = segment.strip_suffix(']').and_then(|it| it.split_once('[')) else {
        return Some(message.get_field_by_name(segment)?.into_owned());
    };
    let list = message.get_field_by_name(name)?;
    let position: usize = index.parse().ok()?;
    // One path for one field.
    if position.to_string() != index {
        return None;
    }
    list.as_list()?.get(position).cloned()
}

#[cfg(test)]
mod tests {
    use proto::common::v1::OccupationScope;

    use super::*;

    fn filled(safeguards: &str) -> Fields {
        let row = review::AppliedOccupation {
            scope: Some(OccupationScope {
                levels: vec![5, 4],
                ..OccupationScope::default()
            }),
            ..review::AppliedOccupation::default()
        };
        let mut annexes = Annexes::default();
        annexes.basic_form.occupations = vec![row];
        safeguards.clone_into(&mut annexes.work_plan.safeguards);
        annexes.fields()
    }

    #[test]
    fn fields_of_the_annexes_are_found_by_their_paths() {
        let annexes = filled("经费保障");
        for path in [
            "basic_form.strengths",
            "basic_form.contact_phone",
            "basic_form.occupations",
            "basic_form.occupations[0]",
            "basic_form.occupations[0].scope.levels[1]",
            "work_plan.other",
        ] {
            assert!(annexes.value_at(path).is_some(), "{path}");
        }
        let safeguards = annexes.value_at("work_plan.safeguards");
        assert_eq!(safeguards, Some(Value::String("经费保障".to_owned())));
    }

    #[test]
    fn nothing_else_is_given_back() {
        let annexes = filled("");
        for path in [
            "",
            ".",
            "basic_form",
            "basic_form.",
            "request_id",
            "round_id.x",
            "application_id",
            "basic_form.nonsense",
            "basic_form.occupations[1]",
            "basic_form.occupations[00]",
            "basic_form.occupations[-1]",
            "basic_form.occupations[]",
            "basic_form.occupations[0",
            "basic_form.occupations[0][0]",
            "basic_form.strengths[0]",
            "basic_form.strengths.x",
            " basic_form.strengths",
            "basic_form.ｓtrengths",
        ] {
            assert!(annexes.value_at(path).is_none(), "{path:?}");
        }
    }

    #[test]
    fn a_field_that_was_changed_is_another() {
        let (before, after) = (filled("一"), filled("二"));
        let at = |filled: &Fields, path| filled.value_at(path);
        let path = "work_plan.safeguards";
        assert!(at(&before, path) != at(&after, path));
        let path = "work_plan.other";
        assert!(at(&before, path) == at(&after, path));
    }
}
