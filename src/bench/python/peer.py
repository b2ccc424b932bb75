"""One training in PyTorch, to be timed against Tandem's: tensors in memory, no DataLoader, one thread.

Usage: peer.py FOLDER none|batch SEED EPOCHS BATCH HIDDEN TRAINING TEST

Reads the raw examples that Tandem's benchmark wrote into FOLDER, warms up, prints `ready`, waits
for a line on its input for each training, and answers with its seconds, evaluations included, its
last test accuracy and its training steps' seconds. So two of these start at the same moment.
"""

import sys
import time

import numpy
import torch
from torch import nn

torch.set_num_threads(1)


def read(folder, name, dtype, shape):
    return torch.from_numpy(numpy.fromfile(f"{folder}/{name}", dtype).reshape(shape))


def network(batch_norm, hidden):
    layers, inputs = [], 784
    for units in hidden:
        layers.append(nn.Linear(inputs, units))
        if batch_norm:
            layers.append(nn.BatchNorm1d(units))
        layers.append(nn.ReLU())
        inputs = units
    return nn.Sequential(*layers, nn.Linear(inputs, 10))


def train(data, batch_norm, seed, epochs, batch, hidden):
    x, y, test_x, test_y = data
    torch.manual_seed(seed)
    model = network(batch_norm, hidden)
    optimizer = torch.optim.Adam(model.parameters(), 0.001)
    loss_of = nn.CrossEntropyLoss()
    stepping, accuracy = 0.0, 0.0
    started = time.perf_counter()
    for _ in range(epochs):
        epoch_started = time.perf_counter()
        model.train()
        order = torch.randperm(len(x))
        for first in range(0, len(x), batch):
            rows = order[first : first + batch]
            optimizer.zero_grad(set_to_none=True)
            loss = loss_of(model(x[rows]), y[rows])
            loss.backward()
            optimizer.step()
            loss.item()  # a loss for every iteration, as in Tandem
        stepping += time.perf_counter() - epoch_started
        model.eval()
        with torch.no_grad():
            logits = model(test_x)
            loss_of(logits, test_y).item()
            accuracy = (logits.argmax(1) == test_y).float().mean().item()
    return time.perf_counter() - started, accuracy, stepping


def main():
    folder, variant, seed, epochs, batch, hidden, training, test = sys.argv[1:]
    training, test = int(training), int(test)
    data = (
        read(folder, "train-x", "float32", (training, 784)),
        read(folder, "train-y", "int8", (training,)).long(),
        read(folder, "test-x", "float32", (test, 784)),
        read(folder, "test-y", "int8", (test,)).long(),
    )
    hidden = [int(units) for units in hidden.split(",")]
    few = tuple(part[:1000] for part in data)
    train(few, variant == "batch", 0, 1, int(batch), hidden)
    print("ready", flush=True)
    for _ in sys.stdin:
        print(*train(data, variant == "batch", int(seed), int(epochs), int(batch), hidden), flush=True)


if __name__ == "__main__":
    main()
