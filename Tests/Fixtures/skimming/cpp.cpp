// What a skimmer of C++ must not trip over.
#include <string>
#include <vector>

namespace outer {
namespace {

const auto text = R"sql(select '}' from "{" where ")")sql";
const int million = 1'000'000;

template <typename T, int N = (3 > 2)>
class Box : public std::vector<T> {
 public:
  explicit Box(int size) : size_(size), items_{1, 2, 3}, name_("box") {
    for (int i = 0; i < size; ++i) {
      items_.push_back(i);
      name_ += std::to_string(i);
    }
  }
  ~Box() noexcept override {
    if (size_ > 0) { size_ = 0; }
    items_.clear();
    name_.clear();
  }
  auto size() const -> int {
    auto twice = [this](int n) { return n * size_; };
    if (twice(2) > 4) return twice(3);
    return size_ + static_cast<int>(items_.size());
  }
  T &operator[](int i) const &noexcept {
    if (i < 0) { throw std::string("below zero"); }
    if (i >= size_) { throw std::string("beyond the end"); }
    return items_[i];
  }
  int declared(int a, int b) const;

 private:
  int size_ = 0;
  std::vector<int> items_{};
  std::string name_;
};

enum class Level : unsigned char { low = 1, high };

}  // namespace

template <typename T>
int Box<T>::declared(int a, int b) const
try {
  std::vector<int> all = {a, b, a + b, a - b, a * b, 1, 2, 3, 4, 5};
  return static_cast<int>(all.size());
} catch (const std::string &problem) {
  return -1;
}

int local_type(int n) {
  class Counter {
   public:
    int next() { return ++count; }
    int count = 0;
  };
  Counter counter;
  while (n-- > 0) counter.next();
  return counter.count;
}

extern "C" {
int exported(int value) {
  char single = '"';
  const char *twice = "\"}";
  return value + single + twice[0] + 1 + 2 + 3;
}
}

struct Plain final { int a; };
}  // namespace outer
