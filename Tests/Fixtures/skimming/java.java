package tricky;

import java.util.function.Supplier;

/** What a skimmer of Java must not trip over. */
@SuppressWarnings({"unchecked", "rawtypes"})
public final class Tricky<T extends Comparable<T>> implements Runnable {
  private static final String[] NAMES = {"one", "two {", "three }"};
  private static final Option[] OPTIONS = {
    new Option("first") {
      @Override
      void process(String argument) {
        System.out.println("the first option has " + argument + " as its argument");
      }
    },
  };
  private final char brace = '}';

  static {
    for (String name : NAMES) {
      System.out.println("a name of the static initializer: " + name);
    }
  }

  public Tricky(int size) throws IllegalStateException, InterruptedException {
    if (size < 0) {
      throw new IllegalStateException("the size is below zero: " + size);
    }
    String block = """
        a text block with } and " and {
        """;
    System.out.println(block + size);
  }

  @Override
  public void run() {
    Runnable inner = new Runnable() {
      @Override
      public void run() {
        System.out.println("the method of an anonymous class in a method");
      }
    };
    inner.run();
  }

  @Deprecated(since = "1", forRemoval = true)
  public <R> R supply(Supplier<R> supplier) {
    Supplier<R> twice = () -> {
      supplier.get();
      return supplier.get();
    };
    if (new Object().equals(twice)) { System.out.println(Tricky.class); } else { System.out.println("no"); }
    return twice.get();
  }

  int local(int n) {
    class Counter {
      int count;
      int next() { return ++count; }
    }
    Counter counter = new Counter();
    while (n-- > 0) counter.next();
    return counter.count;
  }

  enum Level {
    LOW(1) {
      @Override
      String label() {
        return "the lowest level that there is: " + value + " of all of them";
      }
    },
    HIGH(2) {
      @Override
      String label() {
        return "the highest level that there is: " + value + " of all of them";
      }
    };

    final int value;

    Level(int value) {
      this.value = value;
      System.out.println("a level was made with the value " + value);
    }

    abstract String label();
  }

  record Point(int x, int y) {
    double length() {
      double square = (double) x * x + (double) y * y;
      return Math.sqrt(square);
    }
  }

  @interface Marker {
    String value() default "{";
  }

  abstract static class Option {
    Option(String name) {}
    abstract void process(String argument);
  }
}
