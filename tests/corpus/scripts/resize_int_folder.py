import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, models, transforms

IMG = 128
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]

train_tf = transforms.Compose([
    transforms.Resize(IMG),
    transforms.RandomHorizontalFlip(),
    transforms.ColorJitter(0.2, 0.2, 0.2),
    transforms.ToTensor(),
    transforms.Normalize(MEAN, STD),
])

data = datasets.ImageFolder("photos/train", transform=train_tf)
dl = DataLoader(data, batch_size=8, shuffle=True)

model = models.resnet18(weights=models.ResNet18_Weights.DEFAULT)
model.fc = nn.Linear(512, len(data.classes))
opt = torch.optim.AdamW(model.parameters(), 1e-4)
ce = nn.CrossEntropyLoss(label_smoothing=0.1)

for epoch in range(3):
    for x, y in dl:
        loss = ce(model(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
