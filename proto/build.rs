//! Compiles the contract with protox (no protoc), keeps its descriptor set, and marks every
//! request that carries a `request_id` as a [`Command`].

use std::{env, error::Error, fmt::Write, fs, path::Path, path::PathBuf};

use prost_types::{FileDescriptorProto, FileDescriptorSet};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=luban");
    let mut files = Vec::new();
    collect(Path::new("luban"), &mut files)?;
    files.sort();

    let mut compiler = protox::Compiler::new(["."])?;
    compiler.include_imports(true).include_source_info(true);
    compiler.open_files(&files)?;
    let descriptors = compiler.file_descriptor_set();

    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("commands.rs"), commands(&descriptors)?)?;
    // The values of method options survive only in protox's own encoding.
    fs::write(
        out.join("descriptor_set.bin"),
        compiler.encode_file_descriptor_set(),
    )?;
    let mut prost = tonic_prost_build::Config::new();
    prost.enable_type_names();
    let mut builder = tonic_prost_build::configure()
        .bytes(".")
        // Requests and replies hold names and citizen ids: none of them can be printed.
        .skip_debug(["."]);
    for enumeration in enumerations(&descriptors) {
        builder = builder.enum_attribute(enumeration, "#[derive(Debug)]");
    }
    builder.compile_fds_with_config(descriptors, prost)?;
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "proto")
        {
            files.push(path);
        }
    }
    Ok(())
}

/// Full names of our enumerations, whose values say nothing about anybody.
fn enumerations(descriptors: &FileDescriptorSet) -> Vec<String> {
    let ours = descriptors
        .file
        .iter()
        .filter(|file| file.package().starts_with("luban."));
    let named = |file: &FileDescriptorProto| {
        let package = file.package().to_owned();
        let names = file.enum_type.iter().map(|found| found.name().to_owned());
        names
            .map(move |name| format!(".{package}.{name}"))
            .collect::<Vec<_>>()
    };
    ours.flat_map(named).collect()
}

fn commands(descriptors: &FileDescriptorSet) -> Result<String, std::fmt::Error> {
    let mut code = String::new();
    let ours = |file: &&FileDescriptorProto| file.package().starts_with("luban.");
    for file in descriptors.file.iter().filter(ours) {
        let module = file
            .package()
            .trim_start_matches("luban.")
            .replace('.', "::");
        for message in &file.message_type {
            if message
                .field
                .iter()
                .any(|field| field.name() == "request_id")
                && message.name() != "Fact"
            {
                let name = message.name();
                writeln!(
                    code,
                    "impl Command for {module}::{name} {{ \
                         fn request_id(&self) -> &str {{ &self.request_id }} \
                     }}"
                )?;
            }
        }
    }
    Ok(code)
}
