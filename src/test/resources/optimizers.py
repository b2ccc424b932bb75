"""Writes optimizers.json: what PyTorch's optimizers make of some parameters and gradients, with weight decay.

    python3 optimizers.py
"""
import json
import torch

PARAMETERS, STEPS = 6, 12
RATE, MOMENTUM, DECAY = 0.05, 0.8, 0.1
OPTIMIZERS = {
    "adam": lambda p: torch.optim.Adam(p, lr=RATE, weight_decay=DECAY),
    "adamw": lambda p: torch.optim.AdamW(p, lr=RATE, weight_decay=DECAY),
    "sgd": lambda p: torch.optim.SGD(p, lr=RATE, weight_decay=DECAY),
    "momentum": lambda p: torch.optim.SGD(p, lr=RATE, momentum=MOMENTUM, weight_decay=DECAY),
    "nesterov": lambda p: torch.optim.SGD(p, lr=RATE, momentum=MOMENTUM, nesterov=True, weight_decay=DECAY),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=RATE, alpha=0.99, eps=1e-8, weight_decay=DECAY),
}


def numbers(t):
    return [float(f"{v:.12g}") for v in t.tolist()]


torch.manual_seed(7)
start = torch.randn(PARAMETERS, dtype=torch.float64)
gradients = torch.randn(STEPS, PARAMETERS, dtype=torch.float64)
after = {}
for name, create in OPTIMIZERS.items():
    parameters = torch.nn.Parameter(start.clone())
    optimizer = create([parameters])
    after[name] = []
    for gradient in gradients:
        parameters.grad = gradient.clone()
        optimizer.step()
        after[name].append(numbers(parameters.detach()))
said = {"learningRate": RATE, "momentum": MOMENTUM, "weightDecay": DECAY, "start": numbers(start),
        "gradients": [numbers(g) for g in gradients], "after": after}
with open("optimizers.json", "w") as file:
    json.dump(said, file, separators=(",", ":"))
