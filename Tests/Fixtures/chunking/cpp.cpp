#include <vector>

namespace shop {
namespace detail { struct Impl; }

/// A stack of things.
template <typename T>
class Stack : public Base<T> {
 public:
  Stack();
  ~Stack() {}
  void push(const T& x);
  bool operator==(const Stack& o) const;
  static constexpr int kLimit = 3;
  enum class Mode { Fast, Slow };

 private:
  std::vector<T> items_;
};

template <typename T>
void Stack<T>::push(const T& x) {
  items_.push_back(x);
}

using Names = std::vector<int>;
template <class T> concept Small = sizeof(T) < 8;

int Shop::count(int a) const noexcept { return a; }
Shop::Shop() : a_(1) {}
std::ostream& operator<<(std::ostream& o, const Shop& s) { return o; }
}  // namespace shop

extern "C" {
int c_function(void) { return 1; }
}

const int kMax = 3;
auto lambda = [](int x) { return x; };

TEST(StackTest, PushWorks) {
  EXPECT_EQ(1, 1);
}

inline int a::b::deep() { return 1; }
