import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, models, transforms

norm = transforms.Normalize(mean=[0.5, 0.5, 0.5], std=[0.5, 0.5, 0.5])
train_tf = transforms.Compose([
    transforms.Resize((224, 224)),
    transforms.RandomHorizontalFlip(),
    transforms.RandomRotation(10),
    transforms.ToTensor(),
    norm,
])
test_tf = transforms.Compose([transforms.Resize((224, 224)), transforms.ToTensor(), norm])

train_ds = datasets.ImageFolder('tumor/Training', train_tf)
test_ds = datasets.ImageFolder('tumor/Testing', test_tf)
train_dl = DataLoader(train_ds, 16, shuffle=True)
test_dl = DataLoader(test_ds, 16)

model = models.efficientnet_b0(weights='IMAGENET1K_V1')
model.classifier[1] = nn.Linear(model.classifier[1].in_features, len(train_ds.classes))
opt = torch.optim.Adam(model.parameters(), lr=1e-4)
loss_fn = nn.CrossEntropyLoss()

for epoch in range(10):
    model.train()
    for x, y in train_dl:
        opt.zero_grad()
        loss_fn(model(x), y).backward()
        opt.step()
    model.eval()
    with torch.no_grad():
        acc = sum((model(x).argmax(1) == y).sum().item() for x, y in test_dl) / len(test_ds)
    print(epoch, acc)
