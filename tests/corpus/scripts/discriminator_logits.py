import torch
from torch import nn
from torch.utils.data import DataLoader, random_split
from torchvision import transforms as T, datasets


class DefectDetector(nn.Module):
    def __init__(self, base: int = 16):
        super().__init__()
        def block(i, o):
            return [nn.Conv2d(i, o, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(o), nn.LeakyReLU(0.2, inplace=True)]
        self.main = nn.Sequential(*block(1, base), *block(base, base * 2), *block(base * 2, base * 4), nn.AdaptiveAvgPool2d(1))
        self.score = nn.Linear(base * 4, 1)

    def forward(self, x):
        z = self.main(x).flatten(1)
        return torch.sigmoid(self.score(z)).squeeze(-1)


def step(model, batch, loss_fn, optim):
    x, y = batch
    optim.zero_grad()
    loss = loss_fn(model(x), y.float())
    loss.backward()
    optim.step()
    return loss.item()


def main():
    t = T.Compose([T.Grayscale(), T.Resize((128, 128)), T.ToTensor()])
    ds = datasets.ImageFolder('castings', t)
    n = len(ds) // 4
    train, held = random_split(ds, [len(ds) - n, n])
    model = DefectDetector()
    loss_fn = nn.BCEWithLogitsLoss(pos_weight=torch.tensor(3.0))
    optim = torch.optim.Adam(model.parameters(), 2e-4, betas=(0.5, 0.999))
    for epoch in range(8):
        model.train()
        losses = [step(model, b, loss_fn, optim) for b in DataLoader(train, 8, shuffle=True)]
        model.eval()
        with torch.no_grad():
            acc = sum(((model(x) > 0.5) == y).sum().item() for x, y in DataLoader(held, 8)) / n
        print(epoch, sum(losses) / len(losses), acc)


main()
