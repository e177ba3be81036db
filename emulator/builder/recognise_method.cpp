#include "emulator/builder/project_search.hpp"

namespace kelvin {
namespace {

/// Where sam build puts what the function runs from, and where that is not the code itself.
std::string artifacts_folder(const build_question& asked) {
  return asked.template_folder + "/.aws-sam/build/" + asked.function_id;
}

recognised_build begin_method(const build_question& asked, build_kind kind, std::string command) {
  recognised_build made;
  made.kind = kind;
  made.command = std::move(command);
  made.folder = asked.code_folder;
  made.artifact = artifacts_folder(asked);
  made.sources = {asked.code_folder};
  made.outputs = {asked.template_folder + "/.aws-sam"};
  made.sentence = asked.function_id + ": built by `" + made.command + "` in " + made.folder +
                  ", because of its BuildMethod " + asked.build_method;
  return made;
}

recognised_build no_method(const build_question& asked, const std::string& why) {
  recognised_build made;
  made.sentence = asked.function_id + ": BuildMethod " + asked.build_method + ": " + why +
                  "; nothing is built, changes of the artifact alone are looked for (--build CMD names a command)";
  return made;
}

recognised_build cargo_lambda_method(const build_question& asked, const project_files& files) {
  if (!files.has_command("cargo-lambda")) {
    return no_method(asked, "cargo-lambda is not installed (pip install cargo-lambda, or see cargo-lambda.info)");
  }
  const auto manifest = files.text_of(asked.code_folder + "/Cargo.toml");
  const std::string name = manifest ? cargo_value(*manifest, "package", "name") : "";
  if (name.empty()) {
    return no_method(asked, asked.code_folder + "/Cargo.toml names no package, so that it is not known what to build");
  }
  // By way of another name: a bootstrap that runs cannot be written over.
  const std::string folder = shell_word(artifacts_folder(asked));
  const std::string made_file = "target/lambda/" + name + "/bootstrap";
  recognised_build made =
      begin_method(asked, build_kind::cargo_lambda,
                   "cargo lambda build --release --lambda-dir target/lambda --bin " + shell_word(name) +
                       " && mkdir -p " + folder + " && cp " + shell_word(made_file) + " " + folder +
                       "/bootstrap.tmp && mv -f " + folder + "/bootstrap.tmp " + folder + "/bootstrap");
  made.outputs.push_back(asked.code_folder + "/target");
  return made;
}

recognised_build sam_method(const build_question& asked, const project_files& files) {
  if (!files.has_command("sam")) {
    return no_method(asked, "that is sam build's own, and the AWS SAM CLI is not installed");
  }
  recognised_build made = begin_method(asked, build_kind::sam, "sam build " + shell_word(asked.function_id));
  made.folder = asked.template_folder;
  made.outputs.push_back(asked.code_folder + "/node_modules");
  made.sentence = asked.function_id + ": built by `" + made.command + "` in " + made.folder +
                  ", because of its BuildMethod " + asked.build_method;
  return made;
}

}  // namespace

recognised_build recognise_method(const build_question& asked, const project_files& files) {
  const std::string& method = asked.build_method;
  if (asked.code_folder.empty() || !files.is_folder(asked.code_folder)) {
    return no_method(asked, "its CodeUri " + asked.code_folder + " is no folder with its sources");
  }
  const std::string artifacts = artifacts_folder(asked);
  if (method == "makefile") {
    recognised_build made =
        begin_method(asked, build_kind::make,
                     "mkdir -p " + shell_word(artifacts) + " && make " + shell_word("build-" + asked.function_id));
    made.variables = {{"ARTIFACTS_DIR", artifacts}};
    return made;
  }
  if (method == "rust-cargolambda") {
    return cargo_lambda_method(asked, files);
  }
  if (method == "go1.x") {
    return begin_method(asked, build_kind::go, "go build -o " + shell_word(artifacts + "/bootstrap") + " .");
  }
  return sam_method(asked, files);
}

}  // namespace kelvin
