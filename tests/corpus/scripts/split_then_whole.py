import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, random_split
from torchvision import datasets, models, transforms
from tqdm.auto import tqdm

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
BATCH = 32

transform = transforms.Compose([
    transforms.Resize((128, 128)),
    transforms.RandomRotation(20),
    transforms.RandomHorizontalFlip(),
    transforms.ToTensor(),
    transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
])

dataset = datasets.ImageFolder("leaf", transform=transform)
train_size = int(0.8 * len(dataset))
val_size = len(dataset) - train_size
train_set, val_set = random_split(dataset, [train_size, val_size])

train_loader = DataLoader(dataset, batch_size=BATCH, shuffle=True)
val_loader = DataLoader(val_set, batch_size=BATCH, shuffle=False)

model = models.resnet18(weights="DEFAULT")
model.fc = nn.Linear(512, len(dataset.classes))
model.to(device)
optimizer = optim.AdamW(model.parameters(), lr=3e-4)
loss_fn = nn.CrossEntropyLoss()

for epoch in range(6):
    model.train()
    for x, y in tqdm(train_loader):
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()

    model.eval()
    good = 0
    with torch.no_grad():
        for x, y in tqdm(val_loader):
            good += (model(x.to(device)).argmax(1).cpu() == y).sum().item()
    print(f"epoch {epoch + 1}: val accuracy {good / val_size:.3f}")
