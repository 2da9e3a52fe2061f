import torch
from torch import nn
from torchvision.models import resnet18, ResNet18_Weights


def make_model():
    net = resnet18(weights=ResNet18_Weights.DEFAULT)
    net.fc = nn.Sequential(
        nn.Dropout(0.2),
        nn.Linear(net.fc.in_features, 1),
        nn.Sigmoid(),
    )
    return net


class Trainer:
    def __init__(self, model, lr):
        self.model = model
        self.criterion = nn.BCEWithLogitsLoss()
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=lr)

    def step(self, images, targets):
        self.model.train()
        self.optimizer.zero_grad()
        out = self.model(images)
        loss = self.criterion(out.squeeze(1), targets.float())
        loss.backward()
        self.optimizer.step()
        return loss.item()


trainer = Trainer(make_model(), 1e-4)
for _ in range(2):
    print(trainer.step(torch.randn(4, 3, 96, 96), torch.randint(0, 2, (4,))))
