#include "CRE2.h"

#include <re2/re2.h>

#include <memory>

struct cre2_pattern {
  std::unique_ptr<re2::RE2> regex;
};

cre2_pattern *cre2_compile(const uint8_t *pattern, size_t count, bool utf8, int64_t memory) {
  try {
    re2::RE2::Options options;
    options.set_encoding(utf8 ? re2::RE2::Options::EncodingUTF8 : re2::RE2::Options::EncodingLatin1);
    options.set_log_errors(false);
    options.set_max_mem(memory);
    auto made = std::make_unique<cre2_pattern>();
    made->regex = std::make_unique<re2::RE2>(re2::StringPiece(reinterpret_cast<const char *>(pattern), count), options);
    return made->regex->ok() ? made.release() : nullptr;
  } catch (...) {
    return nullptr;
  }
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
