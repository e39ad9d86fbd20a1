// The YAML parser of Debian's libyaml-dev: https://pyyaml.org/wiki/LibYAML
#include <yaml.h>
