CC := gcc
OBJS = a.o b.o

.PHONY: all clean

# Builds it.
all: $(OBJS)
	$(CC) -o shop $(OBJS)

%.o: %.c
	$(CC) -c $<

ifeq ($(DEBUG),1)
CFLAGS += -g
endif

define greet
echo hello $(1)
endef

clean:
	rm -f *.o
