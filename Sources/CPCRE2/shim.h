// Regular expressions with a just-in-time compiler, of Debian's libpcre2-dev: https://www.pcre.org
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
