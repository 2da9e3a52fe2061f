import torch
from torch import nn
from torchvision import datasets, transforms

batch_size = 128
num_classes = 10
epochs = 12

tr = datasets.MNIST("data", train=True, download=True, transform=transforms.ToTensor())
te = datasets.MNIST("data", train=False, download=True, transform=transforms.ToTensor())
tr = torch.utils.data.DataLoader(tr, batch_size=batch_size, shuffle=True)
te = torch.utils.data.DataLoader(te, batch_size=batch_size)

model = nn.Sequential(
    nn.Conv2d(1, 16, 3), nn.ReLU(), nn.MaxPool2d(2),          # 16 x 13 x 13
    nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.AdaptiveMaxPool2d(4),  # 32 x 4 x 4
    nn.Dropout(0.25), nn.Flatten(),
    nn.Linear(512, 128),
    nn.Linear(128, num_classes),
)

optimizer = torch.optim.Adadelta(model.parameters())
loss_fn = nn.CrossEntropyLoss()

for epoch in range(epochs):
    model.train()
    for x, y in tr:
        optimizer.zero_grad()
        loss_fn(model(x), y).backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        acc = sum((model(x).argmax(1) == y).sum().item() for x, y in te) / len(te.dataset)
    print("epoch", epoch, "test accuracy", acc)
