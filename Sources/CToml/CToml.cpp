#include "CToml.h"

#include <cstdio>
#include <sstream>
#include <string>
#include <toml++/toml.h>

namespace {
struct Walk {
  void *context;
  ctoml_visitor visit;

  void value(const toml::node &node, const std::string &key) const {
    const uint32_t line = node.source().begin.line;
    if (const auto *table = node.as_table()) {
      for (const auto &[name, child] : *table)
        value(child, key.empty() ? std::string(name.str()) : key + "." + std::string(name.str()));
    } else if (const auto *array = node.as_array()) {
      for (const auto &child : *array) value(child, key);
    } else if (const auto *text = node.as_string()) {
      visit(context, key.c_str(), CTOML_STRING, text->get().c_str(), line);
    } else if (const auto *number = node.as_integer()) {
      visit(context, key.c_str(), CTOML_INTEGER, std::to_string(number->get()).c_str(), line);
    } else if (const auto *real = node.as_floating_point()) {
      visit(context, key.c_str(), CTOML_FLOAT, std::to_string(real->get()).c_str(), line);
    } else if (const auto *flag = node.as_boolean()) {
      visit(context, key.c_str(), CTOML_BOOLEAN, flag->get() ? "true" : "false", line);
    } else {
      visit(context, key.c_str(), CTOML_OTHER, "", line);
    }
  }
};
}  // namespace

int ctoml_parse(const char *text, size_t length, void *context, ctoml_visitor visit, char *error, size_t error_size,
                uint32_t *line, uint32_t *column) {
  try {
    const toml::table table = toml::parse(std::string_view(text, length));
    Walk{context, visit}.value(table, "");
    return 0;
  } catch (const toml::parse_error &failure) {
    std::snprintf(error, error_size, "%s", std::string(failure.description()).c_str());
    *line = failure.source().begin.line;
    *column = failure.source().begin.column;
  } catch (...) {
    std::snprintf(error, error_size, "the text could not be parsed");
    *line = *column = 0;
  }
  return 1;
}
