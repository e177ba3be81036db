#pragma once

#include <cstdlib>
#include <optional>
#include <string>

namespace kelvin::test {

/// An environment variable of this process, set (or, with nullptr, taken away) until the end of the scope.
class scoped_variable {
 public:
  scoped_variable(const char* name, const char* value) : name_(name) {
    if (const char* present = std::getenv(name))
      before_ = present;
    put(value);
  }
  scoped_variable(const char* name, const std::string& value) : scoped_variable(name, value.c_str()) {}
  scoped_variable(const scoped_variable&) = delete;
  scoped_variable& operator=(const scoped_variable&) = delete;
  ~scoped_variable() { put(before_ ? before_->c_str() : nullptr); }

 private:
  void put(const char* value) {
    if (value != nullptr) {
      setenv(name_.c_str(), value, 1);
    } else {
      unsetenv(name_.c_str());
    }
  }

  std::string name_;
  std::optional<std::string> before_;
};

}  // namespace kelvin::test
