import copy
import torch
import torch.nn as nn
from torchvision import datasets, models, transforms

size = 128
mean, std = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
tfs = {
    'train': transforms.Compose([
        transforms.Resize((size, size)), transforms.RandomHorizontalFlip(), transforms.RandomVerticalFlip(),
        transforms.ToTensor(), transforms.Normalize(mean, std)]),
    'val': transforms.Compose([
        transforms.Resize((size, size)), transforms.ToTensor(), transforms.Normalize(mean, std)]),
}
ds = {p: datasets.ImageFolder('skin/' + p, tfs[p]) for p in tfs}
dl = {'train': torch.utils.data.DataLoader(ds['train'], 32, shuffle=True),
      'val': torch.utils.data.DataLoader(ds['val'], 32)}

model = models.resnet18(weights=models.ResNet18_Weights.IMAGENET1K_V1)
num_ftrs = model.fc.in_features
model.fc = nn.Sequential(
    nn.Dropout(0.3),
    nn.Linear(num_ftrs, 2),
    nn.Sigmoid(),
)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9)

best_acc, best_state = 0.0, None
for epoch in range(25):
    model.train()
    for x, y in dl['train']:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
    model.eval()
    hits = 0
    with torch.no_grad():
        for x, y in dl['val']:
            hits += (model(x).argmax(1) == y).sum().item()
    acc = hits / len(ds['val'])
    if acc >= best_acc:
        best_acc, best_state = acc, copy.deepcopy(model.state_dict())
print('best validation accuracy', best_acc)
