//! The access rule of every method, read from the contract itself.
//!
//! The rules stand beside the methods in `proto/`, as the option `luban.common.v1.access`, where
//! whoever adds a method sees them. A method without one is closed to everybody.

use std::collections::HashMap;

use anyhow::Context;
use prost_reflect::{DescriptorPool, ExtensionDescriptor, MethodDescriptor};
use proto::common::v1 as common;

use super::Role;

/// The field that every command has, and nothing else.
const REQUEST_ID: &str = "request_id";

/// Who may call a method. Which records it then reaches is up to the finders, which demand a
/// [`Scope`](super::Scope).
#[derive(Clone, PartialEq, Eq)]
pub struct Rule {
    /// The roles that may call.
    pub roles: Vec<Role>,
    /// Whether it is a command, and so changes something.
    pub is_command: bool,
}

impl Rule {
    /// Whether no token is needed.
    pub fn is_public(&self) -> bool {
        self.roles.contains(&Role::Public)
    }

    /// Whether this role may call. What is open to the public is open to every role.
    pub fn allows(&self, role: Role) -> bool {
        self.is_public() || self.roles.contains(&role)
    }
}

/// The rules of all methods, by path: `/luban.registry.v1.BodyService/EnrollBody`.
#[derive(Clone)]
pub struct Rules(HashMap<String, Rule>);

impl Rules {
    /// The rules of the platform's contract.
    ///
    /// # Errors
    /// When the descriptor set compiled in is not what the access layer expects.
    pub fn of_contract() -> anyhow::Result<Self> {
        Self::read(proto::DESCRIPTOR_SET)
    }

    /// The rule of a method, if it has one.
    pub fn get(&self, path: &str) -> Option<&Rule> {
        self.0.get(path)
    }

    fn read(descriptor_set: &[u8]) -> anyhow::Result<Self> {
        let pool = DescriptorPool::decode(descriptor_set).context("descriptor set")?;
        let access = pool
            .get_extension_by_name("luban.common.v1.access")
            .context("the contract does not declare luban.common.v1.access")?;
        let mut rules = HashMap::new();
        for method in methods(&pool) {
            if let Some(access) = method_access(&method, &access)? {
                // A role that this program does not know yet opens nothing.
                let roles = access.roles().filter_map(Role::from_proto).collect();
                let is_command = method.input().get_field_by_name(REQUEST_ID).is_some();
                rules.insert(path(&method), Rule { roles, is_command });
            }
        }
        Ok(Self(rules))
    }
}

fn methods(pool: &DescriptorPool) -> Vec<MethodDescriptor> {
    pool.services()
        .flat_map(|service| service.methods().collect::<Vec<_>>())
        .collect()
}

fn path(method: &MethodDescriptor) -> String {
    format!("/{}/{}", method.parent_service().full_name(), method.name())
}

fn method_access(
    method: &MethodDescriptor,
    access: &ExtensionDescriptor,
) -> anyhow::Result<Option<common::MethodAccess>> {
    let options = method.options();
    if !options.has_extension(access) {
        return Ok(None);
    }
    let access = options
        .get_extension(access)
        .as_message()
        .context("luban.common.v1.access is not a message")?
        .transcode_to()?;
    Ok(Some(access))
}

#[cfg(test)]
mod tests {
    use prost_reflect::{FieldDescriptor, MessageDescriptor};

    use super::*;

    fn contract() -> Vec<(MethodDescriptor, common::MethodAccess)> {
        let pool = DescriptorPool::decode(proto::DESCRIPTOR_SET).expect("compiled by protox");
        let access = pool
            .get_extension_by_name("luban.common.v1.access")
            .expect("the option");
        let with_access = |method: MethodDescriptor| {
            let access = method_access(&method, &access).expect("readable");
            let access = access.unwrap_or_else(|| panic!("{} has no rule", method.full_name()));
            (method, access)
        };
        methods(&pool).into_iter().map(with_access).collect()
    }

    /// The field at a dotted path, such as `header.request_id`.
    fn field(message: &MessageDescriptor, path: &str) -> Option<FieldDescriptor> {
        let (first, rest) = path
            .split_once('.')
            .map_or((path, None), |(a, b)| (a, Some(b)));
        let found = message.get_field_by_name(first)?;
        match rest {
            None => Some(found),
            Some(rest) => field(found.kind().as_message()?, rest),
        }
    }

    #[test]
    fn every_method_names_its_roles_and_its_scope() {
        let methods = contract();
        assert!(methods.len() > 40, "only {} methods found", methods.len());
        let rules = Rules::of_contract().expect("the contract as it is");
        for (method, access) in methods {
            let name = method.full_name();
            let rule = rules.get(&path(&method)).expect("a rule for each method");
            assert!(!rule.roles.is_empty(), "{name} names no role");
            assert_eq!(rule.roles.len(), access.roles.len(), "{name}: unknown role");
            assert!(
                access.scope() != common::Scope::Unspecified,
                "{name} names no scope"
            );
        }
    }

    #[test]
    fn a_method_is_of_public_scope_exactly_when_the_public_may_call_it() {
        for (method, access) in contract() {
            let of_public_scope = access.scope() == common::Scope::Public;
            let public = access.roles().any(|role| role == common::Role::Public);
            assert_eq!(of_public_scope, public, "{}", method.full_name());
        }
    }

    #[test]
    fn the_resource_is_a_field_of_the_request() {
        for (method, access) in contract() {
            let resource = access.resource;
            if !resource.is_empty() {
                let found = field(&method.input(), &resource);
                assert!(found.is_some(), "{} has no {resource}", method.full_name());
            }
        }
    }

    #[test]
    fn every_command_carries_a_request_id() {
        let reads = [
            "Get",
            "List",
            "Print",
            "Check",
            "Describe",
            "Download",
            "Explain",
            "Find",
            "Reveal",
            "Subscribe",
            "Track",
            "Verify",
        ];
        for (method, _) in contract() {
            if reads.iter().any(|prefix| method.name().starts_with(prefix)) {
                continue;
            }
            let path = if method.is_client_streaming() {
                "header.request_id"
            } else {
                "request_id"
            };
            let found = field(&method.input(), path);
            assert!(found.is_some(), "{} has no {path}", method.full_name());
        }
    }

    #[test]
    fn what_strangers_may_hand_in_is_known() {
        let rules = Rules::of_contract().expect("the contract as it is");
        let lodged = rules.0.iter();
        let lodged = lodged.filter(|(_, rule)| rule.is_public() && rule.is_command);
        let mut lodged: Vec<_> = lodged.map(|(path, _)| path.as_str()).collect();
        lodged.sort_unstable();
        assert_eq!(
            lodged,
            [
                "/luban.common.v1.InquiryService/HandInEvidence",
                "/luban.results.v1.ObjectionService/LodgeLead",
                "/luban.results.v1.ObjectionService/RaiseObjection",
                "/luban.review.v1.ComplaintService/LodgeComplaint",
                "/luban.review.v1.ObjectionService/LodgeLead",
                "/luban.review.v1.ObjectionService/RaiseObjection",
            ]
        );
    }

    #[test]
    fn a_service_never_acts_for_one_of_two_persons() {
        for (method, access) in contract() {
            let name = method.name();
            if ["Propose", "Confirm", "Issue", "Correct", "Revoke"]
                .iter()
                .any(|verb| name.starts_with(verb))
            {
                let service = access.roles().any(|role| role == common::Role::Service);
                assert!(!service, "{}", method.full_name());
            }
        }
    }

    #[test]
    fn an_unknown_method_has_no_rule() {
        let rules = Rules::of_contract().expect("the contract as it is");
        assert!(
            rules
                .get("/luban.registry.v1.BodyService/DropEverything")
                .is_none()
        );
        assert!(
            rules
                .get("/luban.registry.v1.BodyService/enrollbody")
                .is_none()
        );
    }
}
