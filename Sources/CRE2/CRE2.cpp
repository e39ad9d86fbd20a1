#include "CRE2.h"

#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <cstring>
#include <exception>
#include <memory>
#include <string>
#include <vector>

struct cre2_pattern {
  std::unique_ptr<re2::RE2> regex;
};

struct cre2_filter {
  re2::FilteredRE2 filter;
  std::vector<std::string> literals;
};

namespace {
void say(const std::string &reason, char *error, size_t size) {
  if (size == 0) return;
  const size_t count = reason.size() < size - 1 ? reason.size() : size - 1;
  std::memcpy(error, reason.data(), count);
  error[count] = 0;
}
}  // namespace

cre2_pattern *cre2_compile(const uint8_t *pattern, size_t count, bool utf8, int64_t memory, char *error,
                           size_t error_size) {
  try {
    re2::RE2::Options options;
    options.set_encoding(utf8 ? re2::RE2::Options::EncodingUTF8 : re2::RE2::Options::EncodingLatin1);
    options.set_log_errors(false);
    options.set_max_mem(memory);
    auto made = std::make_unique<cre2_pattern>();
    made->regex = std::make_unique<re2::RE2>(re2::StringPiece(reinterpret_cast<const char *>(pattern), count), options);
    if (!made->regex->ok()) {
      say(made->regex->error(), error, error_size);
      return nullptr;
    }
    return made.release();
  } catch (const std::exception &problem) {
    say(problem.what(), error, error_size);
  } catch (...) {
    say("unknown", error, error_size);
  }
  return nullptr;
}

void cre2_free(cre2_pattern *pattern) { delete pattern; }

int cre2_match(const cre2_pattern *pattern, const uint8_t *text, size_t start, size_t end, size_t *match_start,
               size_t *match_end) {
  try {
    const re2::StringPiece whole(reinterpret_cast<const char *>(text), end);
    re2::StringPiece found;
    if (!pattern->regex->Match(whole, start, end, re2::RE2::UNANCHORED, &found, 1)) return 0;
    *match_start = static_cast<size_t>(found.data() - whole.data());
    *match_end = *match_start + found.size();
    return 1;
  } catch (...) {
    return -1;
  }
}

cre2_filter *cre2_filter_make(const uint8_t *pattern, size_t count, size_t least_length) {
  try {
    auto made = std::make_unique<cre2_filter>();
    made->filter = re2::FilteredRE2(static_cast<int>(least_length));
    re2::RE2::Options options;
    options.set_log_errors(false);
    int id = 0;
    const re2::StringPiece source(reinterpret_cast<const char *>(pattern), count);
    if (made->filter.Add(source, options, &id) != re2::RE2::NoError) return nullptr;
    made->filter.Compile(&made->literals);
    return made.release();
  } catch (...) {
    return nullptr;
  }
}

void cre2_filter_free(cre2_filter *filter) { delete filter; }

size_t cre2_filter_count(const cre2_filter *filter) { return filter->literals.size(); }

const char *cre2_filter_literal(const cre2_filter *filter, size_t index, size_t *count) {
  const std::string &literal = filter->literals[index];
  *count = literal.size();
  return literal.data();
}

bool cre2_filter_passes(const cre2_filter *filter, const int *found, size_t count) {
  try {
    std::vector<int> matched(found, found + count), passing;
    if (filter->literals.empty()) return true;
    filter->filter.AllPotentials(matched, &passing);
    return !passing.empty();
  } catch (...) {
    return true;
  }
}
