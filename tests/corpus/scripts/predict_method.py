import torch
from torch import nn, Tensor
from torchvision.datasets import MNIST
from torchvision.transforms import ToTensor
from torch.utils.data import DataLoader


class DigitNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 32, 3), nn.ReLU(), nn.MaxPool2d(2))
        self.classifier = nn.Sequential(nn.Flatten(), nn.Linear(800, 64), nn.ReLU(), nn.Dropout(0.5), nn.Linear(64, 10))
        self.softmax = nn.Softmax(dim=-1)

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.encoder(x))

    @torch.no_grad()
    def predict(self, x: Tensor) -> Tensor:
        """Class probabilities, shape (N, 10)."""
        was_training = self.training
        self.eval()
        probs = self.softmax(self(x))
        self.train(was_training)
        return probs


model = DigitNet()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
train_loader = DataLoader(MNIST(".", train=True, transform=ToTensor(), download=True), batch_size=64, shuffle=True)
test_set = MNIST(".", train=False, transform=ToTensor(), download=True)

model.train()
for epoch in range(3):
    for x, y in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
    p = model.predict(torch.stack([test_set[i][0] for i in range(5)]))
    print(epoch, [f"{v:.2f}" for v in p.max(1).values.tolist()])
