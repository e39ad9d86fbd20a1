/* What a skimmer of C must not trip over. */
#include <stdio.h>

#define ONE 1
#define TWO 2 /* a comment */
#define THREE "a string with } and {"

#define FOUR '"'
#define LONG(a, b) \
	do { (a) = (b); } while (0)
#define FIVE 5

struct node {
	struct node *next;
	int (*compare)(const void *, const void *);
	union { int number; char text[16]; } value;
};

enum colour { RED, GREEN = 3, BLUE };

typedef struct { int x; int y; } point_t;

/* Values with braces, quotes and comments in them. */
static const struct node table[] = {
	{ .next = NULL, .compare = NULL, .value = { .text = "}{" } },
	{ .next = &(struct node){ 0 }, .compare = NULL, .value = { '}' } }, // }
	{ .next = NULL, .compare = NULL, .value = { .number = (1 + 2) } },
#ifdef WITH_MORE
	{ .next = NULL, .compare = NULL, .value = { .number = 4 } },
#endif
};

int first(struct node *list, int count)
{
	const char *brace = "}";
	char quote = '\'', open = '{';

	/* } */
	for (int i = 0; i < count; i++) {
		if (list[i].next) { // {
			printf("%s %c %c\n", brace, quote, open);
			continue;
		} else if (list[i].compare) {
			do {
				count--;
			} while (count > 0);
		}
		switch (list[i].value.number) {
		case 1:
		case 2:
			return count;
		default:
			break;
		}
	}
	return count;
}

#ifdef SPLIT
int branches(int a) {
	a += 1; a += 2; a += 3; a += 4; a += 5; a += 6; a += 7; a += 8;
#else
int branches(long a) {
#endif
	return a;
}

struct node *second(void) { return 0; }

int holds_a_type(int n)
{
	struct local { int a; int b; } pair = { n, n };
	int unused_one = 1, unused_two = 2, unused_three = 3;
	return pair.a + pair.b + unused_one + unused_two + unused_three;
}

static int old_style(a, b)
	int a;
	int b;
{
	int sum = a + b;
	sum += a * b;
	sum -= a / (b ? b : 1);
	return sum;
}

int last = 3;

int (*returns_a_function(int which))(int)
{
	if (which > 10)
		printf("large: %d\n", which);
	else
		printf("small: %d\n", which);
	return 0;
}
