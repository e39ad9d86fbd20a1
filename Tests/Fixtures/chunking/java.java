package a.b;

import java.util.List;

/** A shop. */
@Entity
public class Shop<T> extends Base {
  private static final int MAX = 1, MIN = 2;
  private String name;

  public Shop() {}

  @Override
  public int count(int a) throws Exception {
    Runnable r = () -> { int local = 1; };
    return a;
  }

  enum Color {
    RED, GREEN { void paint() {} };
    int weight;
  }

  interface Visitor { int visit(); }
  record Point(int x, int y) {}
}

@interface Marker { int value() default 1; }
